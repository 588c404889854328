"""Session keys in the settings of a luminaire: nothing that is said of such a frame has any of them."""

from base64 import b64encode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decoding import CODECS, NO_CONTEXT, Decoded, Payload, Undecodable
from tests.unit.domain.decoding.vectors import codes_of

NETWORK_KEY = bytes.fromhex("82840c7056429b143d21974557f93a53")
APPLICATION_KEY = bytes.fromhex("7184ec70c08494b931fe2fa6f8835c6a")
WITH_KEYS = bytes.fromhex("520144332211") + NETWORK_KEY + APPLICATION_KEY
"""The configuration of multicast session 1, of the published tests, with a second key that shares no part."""
_CHAINED = bytes.fromhex("fe2564") + WITH_KEYS
_CODECS = ("nas_ul20xx_1_0", "nas_ul20xx_1_1", "nas_ul20xx")
_PORT = 50
_TELLING = 3
"""Bytes of a key in a row that are a part of it, and no chance."""


def said(codec: str, payload: Payload) -> Decoded | Undecodable:
    """Return what ``codec`` makes of ``payload``."""
    try:
        return CODECS[codec].decode(payload, NO_CONTEXT)
    except Undecodable as refusal:
        return refusal


def words_of(found: Decoded | Undecodable) -> str:
    """Return all that is said, as one text."""
    if isinstance(found, Undecodable):
        return f"{found.code} {found.message} {found.attributes}"
    return f"{found.snapshots} {found.attributes} {found.notices}"


def shows_a_key(text: str) -> bool:
    """Say whether a part of a key stands in ``text``, in hex or base64, or as numbers."""
    for key in (NETWORK_KEY, APPLICATION_KEY):
        for at in range(len(key) - _TELLING + 1):
            part = key[at : at + _TELLING]
            if part.hex() in text.lower() or ", ".join(map(str, part)) in text:
                return True
            if b64encode(part).decode() in text or urlsafe_b64encode(part).decode() in text:
                return True
    return False


def is_shown(codec: str, payload: Payload) -> bool:
    """Say whether anybody may see ``payload`` or what is said of it."""
    conceals = CODECS[codec].conceals
    assert conceals is not None
    return not conceals(payload)


@pytest.mark.parametrize("codec", _CODECS)
class TestKeys:
    def test_are_read_over(self, codec: str) -> None:
        found = said(codec, Payload(WITH_KEYS, _PORT, 0))
        assert isinstance(found, Decoded)
        assert codes_of(found) == ["keys_withheld"]
        assert found.attributes == {"config.multicast.1.dev_addr": "11223344"}
        assert not shows_a_key(words_of(found))

    @pytest.mark.parametrize("data", [WITH_KEYS, _CHAINED])
    def test_conceal_their_frame(self, codec: str, data: bytes) -> None:
        assert not is_shown(codec, Payload(data, _PORT, 0))

    @pytest.mark.parametrize("data", [WITH_KEYS, _CHAINED])
    def test_conceal_it_also_when_it_was_cut(self, codec: str, data: bytes) -> None:
        for length in range(len(data)):
            for cut in (Payload(data[:length], _PORT, 0), Payload(data[-length:], _PORT, 0)):
                assert not shows_a_key(words_of(said(codec, cut)))
                assert not (is_shown(codec, cut) and shows_a_key(cut.data.hex()))

    def test_conceal_it_also_under_another_name(self, codec: str) -> None:
        for name in range(256):
            renamed = Payload(bytes((name,)) + WITH_KEYS[1:], _PORT, 0)
            assert not is_shown(codec, renamed)
            assert not shows_a_key(words_of(said(codec, renamed)))

    @pytest.mark.parametrize("f_port", [0, 1, 24, 49, 51, 60, 61, 99, 223])
    def test_conceal_it_also_on_a_wrong_port(self, codec: str, f_port: int) -> None:
        assert not is_shown(codec, Payload(WITH_KEYS, f_port, 0))

    @given(data=st.data())
    def test_are_never_said_of_a_damaged_frame_that_is_shown(self, codec: str, data: st.DataObject) -> None:
        """Whose kind is still told: under the name of another kind any bytes may be a frame that can be read."""
        whole, told = data.draw(st.sampled_from(((WITH_KEYS, 1), (_CHAINED, 4))))
        damaged = bytearray(whole)
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(told, len(damaged)))
            damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        payload = Payload(bytes(damaged), _PORT, 0)
        assert not is_shown(codec, payload) or not shows_a_key(f"{words_of(said(codec, payload))} {payload.data.hex()}")


@pytest.mark.parametrize(
    "f_port, hex_text",
    [
        (24, "dfd41d5e004b041500"),
        (25, "ff03ed0000000000"),
        (49, "5202"),
        (50, "07100e0000"),
        (50, "ff52ff"),
        (99, "13320a"),
    ],
)
def test_a_frame_without_keys_is_shown(f_port: int, hex_text: str) -> None:
    assert is_shown("nas_ul20xx_1_0", Payload(bytes.fromhex(hex_text), f_port, 0))


def test_a_frame_without_keys_is_shown_also_where_it_cannot_be_read() -> None:
    assert is_shown("nas_ul20xx_1_0", Payload(b"\x99", 60, 0))


def test_only_luminaires_send_keys() -> None:
    assert {name for name, codec in CODECS.items() if codec.conceals is not None} == set(_CODECS)
