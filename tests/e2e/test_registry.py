"""What the administration says in tables: a device that nobody could read is read, found and written out again."""

import asyncio
from itertools import count

import pytest

from adapters.grpc.client import GrpcClient
from tests.e2e.messages import Json, dev_eui, message, with_field
from tests.e2e.scene import Scene
from tests.support.eventually import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SPOT = 7
KEY = "00112233445566778899AABBCCDDEEFF"
DEVICES = f"""device;device_type;zone;latitude;longitude;labels.Straße;keys.aes;expected_interval_s
70-B3-D5-E7-5E-00-00-07;bosch_tps110;hafen;48,4011;9,9876;Donauufer;{KEY};3600
70B3D5E75E000008;bosch_tps110;hafen;;;;;often
70B3D5E75E000009;nas_ul20xx;mitte;;;;;
"""
SPOTS = f"spot_id,zone,dev_eui\nhafen-7,hafen,{dev_eui(SPOT)}\n"


def test_a_table_tells_how_a_device_is_read_and_where_it_is(administered: Scene) -> None:
    scene = administered
    asyncio.run(_heard_and_not_understood(scene))

    would = scene.said("import", "devices", scene.table(DEVICES), "--dry-run", code=2)
    assert "dry run, nothing is stored: 2 created, 0 changed, 0 unchanged, 1 refused" in would
    told = scene.said("import", "devices", scene.table(DEVICES), code=2)
    assert "line 3: expected_interval_s" in told
    assert "2 created, 0 changed, 0 unchanged, 1 refused" in told
    assert "1 created" in scene.said("import", "spots", scene.table(SPOTS))

    asyncio.run(_understood(scene))
    assert f"{dev_eui(SPOT)}  bosch_tps110" in scene.said("devices", "list")
    assert "hafen-7" in scene.said("parking", "spots", "--zone", "hafen")

    exported = scene.said("export", "devices")
    header, *rows = exported.splitlines()
    assert "labels.Straße" in header
    assert [row.split(",")[0] for row in rows] == [dev_eui(SPOT), dev_eui(9)]
    assert "0 created, 0 changed, 2 unchanged" in scene.said("import", "devices", scene.table(exported))
    for shown in (would, told, exported, *(role.said() for role in scene.platform.roles)):
        assert KEY.lower() not in shown.lower()


async def _heard_and_not_understood(scene: Scene) -> None:
    await scene.publish(SPOT, [_uplink(1)])
    await eventually(lambda: _reasons(scene), expected=["device_type_unknown"], deadline_s=60)


async def _understood(scene: Scene) -> None:
    """Let the device speak until it is understood: the decoding process looks into the registry now and then."""
    numbers = count(2)
    async with scene.platform.client() as client:

        async def speaks() -> bool:
            await scene.publish(SPOT, [_uplink(number := next(numbers))])
            await eventually(lambda: _received(client), expected=number, deadline_s=60)
            readings = await client.list_readings(dev_eui(SPOT))
            return "parking.occupied" in {each.reading.measurand for each in readings}

        await eventually(speaks, expected=True, deadline_s=60)


def _uplink(f_cnt: int) -> Json:
    uplink = with_field(message(SPOT, 1), "uplink_message.f_cnt", f_cnt)
    return with_field(uplink, "uplink_message.version_ids", {"brand_id": "acme", "model_id": "nameless"})


async def _received(client: GrpcClient) -> int:
    _, state = await client.get_device_and_state(dev_eui(SPOT))
    return sum(frames.received for frames in state.frames)


async def _reasons(scene: Scene) -> list[str]:
    return [letter.reason for letter in await scene.platform.dead_letters() if letter.dev_eui == dev_eui(SPOT)]
