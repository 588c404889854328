"""What every reader of envelopes promises."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.ports.envelope_reader import EnvelopeReader
from application.ports.uplink_log import RawUplink
from domain.radio import Activation, Ignored, Message, ServerNotice, ServerReport, Unreadable, Uplink

_OF_A_DEVICE = (Uplink, Activation, ServerReport, ServerNotice)
_KINDS = (*_OF_A_DEVICE, Ignored, Unreadable)
_LAWS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors])
"""The fixtures hold no state; each reader has a class of its own that inherits these laws."""

Breakage = tuple[int, int, bytes]
"""Where in a message, how many bytes of it, and what stands there instead."""

breakages = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.integers(0, 40),
        st.sampled_from([b"", b"}", b"]", b'"', b",", b"-", b"1e999", b"NaN", b"null", b"[[[[", b"\xff", b"\x00"])
        | st.binary(max_size=6),
    ),
    min_size=1,
    max_size=4,
)


def broken(raw: RawUplink, changes: Sequence[Breakage]) -> RawUplink:
    """Return ``raw`` after ``changes`` to its bytes."""
    body = raw.body
    for at, length, instead in changes:
        start = at % (len(body) + 1)
        body = body[:start] + instead + body[start + length :]
    return RawUplink(raw.source, raw.network_server, raw.topic, body, raw.received_us)


def agree(reader: EnvelopeReader, raw: RawUplink, message: Message) -> bool:
    """Say whether the short look and the whole reading tell the same device."""
    if isinstance(message, _OF_A_DEVICE):
        return reader.dev_eui(raw) == message.dev_eui
    return isinstance(message, Ignored) or message.dev_eui == (reader.dev_eui(raw) or "")


class EnvelopeReaderContract:
    """Subclass with the fixtures ``reader`` and ``readable``: messages of every kind that it reads."""

    def test_what_is_readable_is_read(self, reader: EnvelopeReader, readable: Sequence[RawUplink]) -> None:
        kinds = {type(reader.read(raw)) for raw in readable}
        assert {Uplink, Activation} <= kinds
        assert kinds <= set(_OF_A_DEVICE)

    def test_a_device_is_named_in_lower_case_hex(self, reader: EnvelopeReader, readable: Sequence[RawUplink]) -> None:
        for raw in readable:
            dev_eui = reader.dev_eui(raw)
            assert dev_eui is not None
            assert len(bytes.fromhex(dev_eui)) == 8
            assert dev_eui == dev_eui.lower()

    def test_both_ways_of_reading_name_the_same_device(
        self, reader: EnvelopeReader, readable: Sequence[RawUplink]
    ) -> None:
        assert all(agree(reader, raw, reader.read(raw)) for raw in readable)

    def test_a_message_says_who_sent_it(self, reader: EnvelopeReader, readable: Sequence[RawUplink]) -> None:
        for raw in readable:
            message = reader.read(raw)
            assert isinstance(message, _OF_A_DEVICE)
            assert (message.source, bool(message.device_id)) == (raw.source, True)

    def test_reading_again_reads_the_same(self, reader: EnvelopeReader, readable: Sequence[RawUplink]) -> None:
        assert [reader.read(raw) for raw in readable] == [reader.read(raw) for raw in readable]

    def test_an_unknown_network_server_is_a_reason_of_its_own(self, reader: EnvelopeReader) -> None:
        raw = RawUplink("swu", "carrier-pigeon", "t", b"{}", 1)
        message = reader.read(raw)
        assert isinstance(message, Unreadable)
        assert message.reason == "network_server_unknown"
        assert reader.dev_eui(raw) is None

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"null",
            b"[]",
            b"42",
            b'"text"',
            b"not json",
            b"\x00" * 40,
            b"\xff\xfe\xfa",
            b"\xef\xbb\xbf{}",
            b"[" * 100_000,
            b'{"a":' * 100_000,
            b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            b'{"a":1e999}',
            b'{"a":NaN}',
            b"{} {}",
            b"{" + b" " * 999_990 + b"}",
            b"x" * 1_000_001,
            b" " * 10_000_000,
        ],
        ids=lambda body: f"{body[:8]!r}-{len(body)}",
    )
    def test_what_is_no_message_is_unreadable(
        self, reader: EnvelopeReader, readable: Sequence[RawUplink], body: bytes
    ) -> None:
        for raw in readable:
            message = reader.read(RawUplink(raw.source, raw.network_server, raw.topic, body, raw.received_us))
            assert isinstance(message, Unreadable), message
            assert message.reason
            assert 0 < len(message.detail) < 1_000

    @_LAWS
    @given(body=st.binary(max_size=300), topic=st.text(max_size=40))
    def test_no_bytes_raise(
        self, reader: EnvelopeReader, readable: Sequence[RawUplink], body: bytes, topic: str
    ) -> None:
        for raw in readable:
            strange = RawUplink(raw.source, raw.network_server, topic, body, raw.received_us)
            message = reader.read(strange)
            assert isinstance(message, _KINDS)
            assert agree(reader, strange, message)

    @_LAWS
    @given(changes=breakages)
    def test_no_broken_message_raises(
        self, reader: EnvelopeReader, readable: Sequence[RawUplink], changes: Sequence[Breakage]
    ) -> None:
        for raw in readable:
            strange = broken(raw, changes)
            message = reader.read(strange)
            assert isinstance(message, _KINDS)
            assert agree(reader, strange, message)
