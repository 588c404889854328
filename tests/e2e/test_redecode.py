"""A decoder is mended: what it made of the raw log is replaced, the old values stay known, consumption follows."""

import asyncio
from datetime import UTC, datetime

import pytest

from adapters.grpc.client import GrpcClient
from application.errors import NotFound
from tests.e2e.command import said_here
from tests.e2e.messages import Json, dev_eui, message, with_field
from tests.e2e.scene import METER, Scene, counting_codec
from tests.support.eventually import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

LITRES = (100, 250, 400)
"""What the meter showed on the first three days of June, as the first decoder has it."""
TABLES = {
    "metering-points": "point,medium\nHAUS-1,water\n",
    "meters": "meter,medium\nw-1,water\n",
    "meter-at-points": "point,meter,since\nHAUS-1,w-1,2026-01-01T00:00:00Z\n",
    "device-at-meters": f"meter,device,since\nw-1,{dev_eui(METER)},2026-01-01T00:00:00Z\n",
}
CORRECTED = f"device,time,measurand,value\n{dev_eui(METER)},2026-06-03T00:00:00Z,water.volume,4001\n"
"""Somebody read the meter on the third day, and corrected what had come by radio."""


def test_values_are_replaced_and_the_old_ones_stay_known(administered: Scene) -> None:
    scene = administered
    asyncio.run(_heard(scene))
    for kind, table in TABLES.items():
        scene.said("import", kind, scene.table(table))
    assert "1 changed" in scene.said("import", "readings", scene.table(CORRECTED))
    before, known_at = ["100.000", "250.000", "4001.000"], datetime.now(UTC).isoformat()
    assert (_litres(scene), _used(scene)) == (before, "150.000")

    would = _redecoded(scene, "--dry-run")
    assert "water.volume/: 100.000 → 1000.000" in would
    assert "readings: 1 same, 2 changed, 0 added, 0 withdrawn" in would
    assert _litres(scene) == before

    with scene.standing_still():
        assert "readings: 1 same, 2 changed, 0 added, 0 withdrawn" in _redecoded(scene)
        assert "readings: 3 same, 0 changed, 0 added, 0 withdrawn" in _redecoded(scene)
    assert (_litres(scene), _used(scene)) == (["1000.000", "2500.000", "4001.000"], "1500.000")
    assert _litres(scene, "--known-at", known_at) == before


async def _heard(scene: Scene) -> None:
    await scene.publish(METER, [_uplink(day, litres) for day, litres in enumerate(LITRES)])
    async with scene.platform.client() as client:
        await eventually(lambda: _count(client), expected=len(LITRES), deadline_s=60)


def _uplink(day: int, litres: int) -> Json:
    uplink = with_field(message(METER, day, litres.to_bytes(2, "big")), "uplink_message.version_ids", None)
    return with_field(uplink, "uplink_message.received_at", f"2026-06-{day + 1:02d}T00:00:00Z")


async def _count(client: GrpcClient) -> int:
    try:
        return len(await client.list_readings(dev_eui(METER)))
    except NotFound:
        return 0


def _redecoded(scene: Scene, *words: str) -> str:
    """Return what ``stadtfunk redecode`` says, with the decoder of today."""
    newer = scene.folder / "newer.toml"
    settings = scene.platform.config.read_text()
    newer.write_text(settings.replace(counting_codec(scene.folder, 1), counting_codec(scene.folder, 10)))
    where = ("--kafka",) if scene.beside else ()
    return said_here("redecode", "--config", newer, *where, "--device", dev_eui(METER), *words)


def _litres(scene: Scene, *words: str) -> list[str]:
    """Return the readings, oldest first."""
    lines = scene.said("readings", "list", dev_eui(METER), *words).splitlines()[1:]
    return [line.split()[4] for line in reversed(lines)]


def _used(scene: Scene) -> str:
    """Return what was used on the first of June."""
    asked = ("--from", "2026-06-01", "--until", "2026-06-02", "--zone", "UTC")
    return scene.said("consumption", "HAUS-1", *asked).splitlines()[1].split()[3]
