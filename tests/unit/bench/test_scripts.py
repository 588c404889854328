"""What scripts cost: their payloads are really decoded, and the line that is printed."""

from pathlib import Path

from adapters.javascript.codec_at_work import CodecAtWork
from adapters.javascript.wire import Asked
from bench.scripts import PAYLOADS, Cost, codecs, line, measured


def test_the_scripts_read_what_they_are_measured_with(tmp_path: Path) -> None:
    found = {}
    for files in codecs(tmp_path):
        load, payload = files.load(), PAYLOADS[files.name]
        asked = Asked(payload.data, payload.f_port, payload.network_ns)
        decoded = CodecAtWork(load.script, {}, load.mapping).answer(asked).decoded
        assert decoded is not None
        found[files.name] = [len(snapshot.readings) for snapshot in decoded.snapshots]
    assert found == {"parking": [2], "meter": [12]}


async def test_every_batch_takes_its_turn(tmp_path: Path) -> None:
    costs = await measured(codecs(tmp_path), rounds=1, payloads=500)
    assert list(costs) == [
        "parking, native codec",
        *(f"{name}, script, batches of {batch}" for name in PAYLOADS for batch in (500, 50, 1)),
    ]
    assert all(len(each) == 1 and each[0].clock > 0 for each in costs.values())


def test_a_line_has_median_and_processor_time_of_all_rounds() -> None:
    costs = [Cost(1.0, 2.0, 3.0), Cost(9.0, 2.0, 3.0), Cost(2.0, 2.0, 3.0)]
    said = "2.0 µs  (1.0 to 9.0)  our processor time 2.0 µs, the worker's 3.0 µs"
    assert line("a", costs) == f"{'a':<32} {'':>4}{said}"
