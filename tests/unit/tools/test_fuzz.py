"""What the fuzzer feeds to codecs, and what it takes for a finding."""

import pytest

from domain.decoding import CODECS, NO_CONTEXT, Codec, Context, Decoded, Payload, Snapshot
from domain.observation import gauge
from tests.unit.domain.decoding.vectors import vectors_of
from tools.fuzz import Unsound, one_input, payloads, seeds


def test_an_input_is_ports_and_payloads() -> None:
    assert list(payloads(bytes.fromhex("0102aabb 0501cc 0909dd"))) == [(1, b"\xaa\xbb"), (5, b"\xcc"), (9, b"\xdd")]


def test_every_vector_is_where_it_begins() -> None:
    spelled = [list(payloads(seed[1:])) for seed in seeds(("bosch_tps110",))]
    assert spelled == [[(each.f_port, each.payload.data)] for each in vectors_of("bosch_tps110")]


@pytest.mark.parametrize("name", CODECS)
def test_the_vectors_are_no_findings(name: str) -> None:
    for seed in seeds((name,)):
        one_input(seed, (name,))


def test_a_codec_that_fails_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(payload: Payload, context: Context) -> Decoded:
        raise IndexError(payload.data.hex(), context == NO_CONTEXT)

    monkeypatch.setitem(CODECS, "bosch_tps110", Codec("bosch_tps110", 1, failing))
    with pytest.raises(IndexError):
        one_input(b"\0\1\1\0", ("bosch_tps110",))


def test_a_codec_that_says_what_cannot_be_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = Decoded((Snapshot((gauge("device.temperature", "", float("inf")),)),))
    monkeypatch.setitem(CODECS, "bosch_tps110", Codec("bosch_tps110", 1, lambda *_: endless))
    with pytest.raises(Unsound):
        one_input(b"\0\1\1\0", ("bosch_tps110",))
