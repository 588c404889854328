"""Scripts that mean harm, and workers that come to harm: one payload is lost, and nobody else waits for long."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.javascript.payload_decoder import JavascriptPayloadDecoder
from adapters.javascript.wire import Hello, written
from domain.decoding import Undecodable
from tests.support.eventually import until
from tests.unit.adapters.javascript.scripts import COUNTER, HOSTILE, codec, codes, payload


@pytest.fixture
async def decoder(tmp_path: Path) -> AsyncIterator[JavascriptPayloadDecoder]:
    async with JavascriptPayloadDecoder(
        [codec(tmp_path, HOSTILE), codec(tmp_path, COUNTER, name="honest_js")]
    ) as opened:
        yield opened


@pytest.mark.parametrize(
    "first, code",
    [
        pytest.param(1, "codec_timeout", id="an endless loop"),
        pytest.param(9, "codec_timeout", id="an endless loop that catches what ends it"),
        pytest.param(10, "codec_timeout", id="a regular expression that explodes"),
        pytest.param(11, "codec_timeout", id="an error that never says its name"),
        pytest.param(2, "codec_timeout", id="a loop inside the engine, which looks at no clock"),
        pytest.param(3, "codec_out_of_memory", id="a memory bomb"),
        pytest.param(5, "codec_out_of_memory", id="a text of a gigabyte"),
        pytest.param(4, "codec_stack_overflow", id="calls without end"),
        pytest.param(8, "codec_result_too_large", id="an answer of a megabyte"),
        pytest.param(6, "codec_error", id="an error"),
        pytest.param(7, "codec_refused", id="a refusal"),
    ],
)
async def test_a_bad_payload_is_lost_and_its_neighbours_are_not(
    decoder: JavascriptPayloadDecoder, first: int, code: str
) -> None:
    results = await decoder.decode([payload(0), payload(first), payload(0), payload(0, name="honest_js"), payload(0)])
    assert codes(results) == ["ok", code, "ok", "ok", "ok"]


async def test_several_bad_payloads_of_a_batch_are_told_apart(decoder: JavascriptPayloadDecoder) -> None:
    results = await decoder.decode([payload(first) for first in (1, 0, 2, 3, 0, 4, 2, 0)])
    assert codes(results) == [
        *("codec_timeout", "ok", "codec_timeout", "codec_out_of_memory", "ok", "codec_stack_overflow"),
        *("codec_timeout", "ok"),
    ]


async def test_a_script_that_always_takes_too_long_is_suspended(tmp_path: Path) -> None:
    asked = 200
    codecs = [codec(tmp_path, HOSTILE), codec(tmp_path, COUNTER, name="honest_js")]
    async with JavascriptPayloadDecoder(codecs, most_s=-0.9) as decoder:
        found = codes(await decoder.decode([payload(1)] * asked + [payload(0, name="honest_js")]))
    assert set(found[:asked]) == {"codec_timeout", "codec_suspended"}
    assert found[-1] == "ok"


async def test_honest_payloads_of_a_script_that_has_used_up_its_account_are_decoded(tmp_path: Path) -> None:
    async with JavascriptPayloadDecoder([codec(tmp_path, HOSTILE)], most_s=-0.2) as decoder:
        results = await decoder.decode([payload(number % 2) for number in range(20)])
    assert codes(results) == ["ok", "codec_timeout"] * 10
    assert {each.message for each in results if isinstance(each, Undecodable)} == {"more than 5 ms"}


async def test_a_script_that_is_suspended_is_not_run(tmp_path: Path) -> None:
    async with JavascriptPayloadDecoder([codec(tmp_path, HOSTILE)], most_s=-5.0) as decoder:
        assert codes(await decoder.decode([payload(0)] * 3)) == ["codec_suspended"] * 3


async def test_a_killed_worker_costs_nothing_but_time(decoder: JavascriptPayloadDecoder) -> None:
    before = decoder.worker_pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert codes(await decoder.decode([payload(0)] * 5)) == ["ok"] * 5
    assert decoder.worker_pid not in {None, before}


async def test_a_worker_that_is_told_to_stop_waits_for_the_platform(decoder: JavascriptPayloadDecoder) -> None:
    before = decoder.worker_pid
    assert before is not None
    for told in (signal.SIGTERM, signal.SIGINT):
        os.kill(before, told)
    assert codes(await decoder.decode([payload(0)])) == ["ok"]
    assert decoder.worker_pid == before


async def test_a_worker_killed_over_a_question_answers_it_after_all(decoder: JavascriptPayloadDecoder) -> None:
    before = decoder.worker_pid
    assert before is not None
    asking = asyncio.create_task(decoder.decode([payload(0)] * 500 + [payload(1)]))
    await asyncio.sleep(0.02)
    os.kill(before, signal.SIGKILL)
    assert codes(await asking) == ["ok"] * 500 + ["codec_timeout"]


def worker_that(tmp_path: Path, code: str) -> tuple[str, ...]:
    """Return the command of a worker that greets and then does something else."""
    script = tmp_path / "worker.py"
    hello = written(Hello())
    script.write_text(f"import os, sys, time\nos.write(1, {hello!r})\n{code}\n")
    return (sys.executable, "-I", str(script))


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("os.write(1, b'console.log: hello world\\n'); time.sleep(60)", id="text"),
        pytest.param("os.write(1, bytes(4) + b'\\xff' * 100); time.sleep(60)", id="an empty message"),
        pytest.param("os.write(1, b'\\0\\0\\0\\x05hello'); time.sleep(60)", id="no message"),
        pytest.param("os.write(1, b'\\xff\\xff\\xff\\xff'); time.sleep(60)", id="a message of 4 GB"),
        pytest.param(f"os.write(1, {written(Hello())!r}); time.sleep(60)", id="another message"),
        pytest.param("os.write(1, b'\\0\\0\\0\\x64abc'); os.close(1)", id="half a message"),
        pytest.param("sys.exit(5)", id="nothing"),
    ],
)
async def test_a_worker_that_talks_garbage_is_ended(tmp_path: Path, code: str) -> None:
    files = codec(tmp_path, COUNTER)
    decoder = JavascriptPayloadDecoder([files], worker_that(tmp_path, code))
    decoder.load(files.name)
    [lost] = await decoder.decode([payload(1)])
    assert isinstance(lost, Undecodable)
    assert lost.code == "codec_worker_died"
    assert decoder.worker_pid is None


async def test_a_worker_that_stands_still_is_ended(tmp_path: Path) -> None:
    files = codec(tmp_path, COUNTER)
    async with JavascriptPayloadDecoder([files], stall_s=0.3) as decoder:
        before = decoder.worker_pid
        assert before is not None
        os.kill(before, signal.SIGSTOP)
        assert codes(await decoder.decode([payload(1)])) == ["ok"]
        assert decoder.worker_pid != before


async def test_what_a_script_prints_goes_nowhere(tmp_path: Path) -> None:
    script = """
    function decodeUplink(input) {
      for (const name of ["log", "error", "warn", "info"]) console[name]("garbage ".repeat(1000));
      return { data: { count: 5 } };
    }
    """
    async with JavascriptPayloadDecoder([codec(tmp_path, script)]) as decoder:
        assert codes(await decoder.decode([payload(1)] * 3)) == ["ok"] * 3


async def test_the_worker_has_neither_files_nor_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STADTFUNK_TEST_SECRET", "swordfish")
    async with JavascriptPayloadDecoder([codec(tmp_path, COUNTER)]) as decoder:
        process = Path(f"/proc/{decoder.worker_pid}")
        limits = (process / "limits").read_text()
        assert b"swordfish" not in (process / "environ").read_bytes()
        assert (process / "cwd").readlink() == Path("/")
    most = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert (most["Max file size"], most["Max core file size"]) == ("0", "0")
    assert int(most["Max address space"]) <= 2 * 2**30


async def test_the_worker_ends_with_its_decoder(tmp_path: Path) -> None:
    async with JavascriptPayloadDecoder([codec(tmp_path, COUNTER)]) as decoder:
        pid = decoder.worker_pid
    assert pid is not None
    assert not is_alive(pid)


_PLATFORM = """
import asyncio, sys
from pathlib import Path
from adapters.javascript.codec_files import CodecFiles
from adapters.javascript.payload_decoder import JavascriptPayloadDecoder
async def main():
    async with JavascriptPayloadDecoder([CodecFiles("counter_js", Path(sys.argv[1]))]) as decoder:
        print(decoder.worker_pid, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


async def test_the_worker_ends_when_the_platform_is_killed(tmp_path: Path) -> None:
    files = codec(tmp_path, COUNTER)
    platform = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PLATFORM, str(files.script), stdout=asyncio.subprocess.PIPE
    )
    assert platform.stdout is not None
    worker = int(await platform.stdout.readline())
    assert is_alive(worker)
    platform.kill()
    await platform.wait()
    await until(lambda: not is_alive(worker))


def is_alive(pid: int) -> bool:
    """Say whether the process still does something; one that ended and was not waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
