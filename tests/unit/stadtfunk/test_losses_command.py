"""``stadtfunk losses`` against a real server over a ledger in memory."""

from collections.abc import AsyncIterator

import pytest

from domain.identifiers import DevEui
from domain.observation import Reading
from domain.radio import LossDay
from stadtfunk.cli import parser
from stadtfunk.commands import losses
from tests.contract.loss_days import DAY, US, a_loss_day
from tests.support.builders import DEV, NOON_NS, NS, a_device, an_observation
from tests.unit.adapters.grpc.loss_server import LossServer


@pytest.fixture
async def served() -> AsyncIterator[LossServer]:
    async with LossServer().running() as served:
        yield served


async def said(served: LossServer, capsys: pytest.CaptureFixture[str], *words: str) -> list[list[str]]:
    """Return the lines that ``stadtfunk losses <words>`` prints, each cut at spaces."""
    await losses._losses(parser().parse_args(["losses", *words, "--server", served.address]))
    return [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]


async def test_a_device_shows_its_days_and_their_sum_with_both_balances(
    served: LossServer, capsys: pytest.CaptureFixture[str]
) -> None:
    row = LossDay(DevEui(DEV), DAY, "swu", US, 90, 7, 2, 1, empty=4, undecodable=3, failed=0, late=5)
    await served.rows.write([row, a_loss_day(DEV, DAY + 1, received=10)])
    lines = await said(served, capsys, DEV, "--from", "2026-01-01", "--until", "2026-01-03")
    assert lines[1] == ["2026-01-01", "swu", "100", "90", "7", "2", "1", "90", "83", "4", "3", "0", "10.00", "%"]
    assert lines[3] == ["all", "swu", "110", "100", "7", "2", "1", "100", "93", "4", "3", "0", "9.09", "%"]
    assert lines[5] == ["2026-01-01", "swu", "0", "5", "0", "0", "0", "0", "0"]


async def test_a_day_shows_its_devices_and_the_sum_of_all(
    served: LossServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await served.rows.write([a_loss_day(f"{number:016x}", DAY, received=number, radio=1) for number in range(5)])
    lines = await said(served, capsys, "--day", "2026-01-01", "--limit", "2")
    assert [line[0] for line in lines[1:4]] == [f"{0:016x}", f"{1:016x}", "all"]
    assert lines[3][2:5] == ["15", "10", "5"]
    assert lines[-1] == ["2", "of", "5", "devices;", "the", "sums", "are", "those", "of", "all"]


async def test_where_nothing_was_heard_it_says_so(served: LossServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert await said(served, capsys, DEV) == [["no", "frames"]]
    assert await said(served, capsys, "--day", "2026-01-01") == [["no", "frames"]]


async def test_a_doubt_is_told(served: LossServer, capsys: pytest.CaptureFixture[str]) -> None:
    await served.rows.write([LossDay(DevEui(DEV), DAY, "swu", US, 1, is_doubtful=True)])
    lines = await said(served, capsys, DEV)
    assert lines[1][-3:] == ["to", "be", "recounted"]


@pytest.mark.parametrize("words", [[], [DEV, "--day", "2026-01-01"], ["--day", "yesterday"]])
def test_what_it_does_not_understand_ends_with_the_code_of_wrong_settings(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["losses", *words])
    assert ended.value.code == 2


@pytest.mark.parametrize("words", [["--from", "2026-01-01"], ["--until", "2026-01-01"], ["--cross-check"]])
def test_what_only_one_device_has_is_not_ignored_of_a_day(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    asked = parser().parse_args(["losses", "--day", "2026-01-01", *words])
    with pytest.raises(SystemExit) as ended:
        asked.do(asked)
    assert ended.value.code == 2
    assert "go with a device" in capsys.readouterr().err


async def test_a_device_that_counts_its_messages_is_compared_with_its_frames(
    served: LossServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await served.registry.register([a_device(DEV)])
    for f_cnt, count in ((10, 254), (11, 255), (13, 1), (14, 5)):
        reading = Reading("device.message_count", "up", count)
        await served.store.write([an_observation(reading, f_cnt=f_cnt, event_ns=NOON_NS + f_cnt * NS)])
    lines = await said(served, capsys, DEV, "--cross-check")
    assert lines[-3] == ["4", "counts", "of", "its", "own,", "1", "contradict", "the", "frame", "counter"]
    assert lines[-1] == ["swu", "13", "to", "14", "+3"]


async def test_a_device_without_a_count_of_its_own_is_compared_with_nothing(
    served: LossServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await served.registry.register([a_device(DEV)])
    lines = await said(served, capsys, DEV, "--cross-check")
    assert lines[-1] == ["the", "device", "sends", "no", "count", "of", "its", "own"]
