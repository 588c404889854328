"""IMST iOKE868: payloads that come in pieces."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from domain.decoding import NO_CONTEXT, Context, Decoded, Fragment, Payload
from domain.observation import Reading, event_time
from domain.rfc3339 import NS_PER_S
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of

_NOON_S = 1_767_268_800
_METER, _STATUS = 69, 67
_CLOCK = f"0104{_NOON_S:08x}"
_IDENTITY = "100e3334313230302d35303236383731"
_REGISTER_1 = "4011fc0100010801ff1efc0000000000086f6f"
_REGISTER_2 = "4011fc0100010802ff1eff0000000000086f6f"
_WHOLE = bytes.fromhex("00020000" + _CLOCK + _IDENTITY + _REGISTER_1 + _REGISTER_2)
_ALL_VALUES = {
    "meter.connected/": True,
    "meter.identity/": "341200-5026871",
    "electricity.energy.active.import/t1": 552_815,
    "electricity.energy.active.import/t2": 552_815_000,
}


class Device(Struct):
    """A reader's codec with its memory."""

    context: Context = NO_CONTEXT
    found: set[tuple[int, str, str, object]] = set()
    expired: list[Fragment] = []

    def takes(self, payload: Payload) -> Decoded:
        """Decode ``payload`` and remember what the codec wants remembered."""
        decoded = decode("imst_ioke868", payload, self.context)
        self.context = decoded.context
        self.expired += decoded.expired
        for snapshot in decoded.snapshots:
            event_ns, _, _ = event_time(snapshot.device_ns, payload.network_ns, snapshot.age_ns)
            self.found |= {_key(event_ns, reading) for reading in snapshot.readings}
        return decoded

    @property
    def values(self) -> dict[str, object]:
        """What was found, without its time."""
        return {f"{name}/{channel}": value for _, name, channel, value in self.found}


def _key(event_ns: int, reading: Reading) -> tuple[int, str, str, object]:
    return event_ns, reading.measurand, reading.channel, reading.value


def piece(number: int, body: bytes, seconds: float, *, is_last: bool = False, f_port: int = _METER) -> Payload:
    """Return piece ``number``, received ``seconds`` after noon."""
    header = bytes((number | (0x80 if is_last else 0),))
    return Payload(header + body, f_port, int((_NOON_S + seconds) * NS_PER_S))


def cut(data: bytes, *cuts: int, start: float = 0, step: float = 10, f_port: int = _METER) -> list[Payload]:
    """Return ``data`` in pieces, cut at ``cuts``, sent every ``step`` seconds."""
    bounds = list(pairwise((0, *cuts, len(data))))
    return [
        piece(n, data[a:b], start + n * step, is_last=n == len(bounds) - 1, f_port=f_port)
        for n, (a, b) in enumerate(bounds)
    ]


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Payload], list[Payload]]:
    """Return the pieces of a payload, and the same in any order, some of them twice."""
    cuts = draw(st.sets(st.integers(1, len(_WHOLE) - 1), max_size=6))
    pieces = cut(_WHOLE, *sorted(cuts), step=draw(st.floats(1, 299)))
    repeated = draw(st.lists(st.sampled_from(pieces), max_size=4))
    return pieces, draw(st.permutations(pieces + repeated))


@given(deliveries())
def test_order_and_repetition_change_nothing(delivery: tuple[list[Payload], list[Payload]]) -> None:
    pieces, delivered = delivery
    as_sent, as_delivered = Device(), Device()
    for payload in pieces:
        as_sent.takes(payload)
    for payload in delivered:
        as_delivered.takes(payload)
    assert as_delivered.found == as_sent.found
    assert as_delivered.values == _ALL_VALUES
    assert as_delivered.expired == []


def test_whole_fields_are_read_before_the_last_piece_comes() -> None:
    first, *_ = cut(_WHOLE, len(_WHOLE) - 5)
    device = Device()
    decoded = device.takes(first)
    assert set(_ALL_VALUES) - set(device.values) == {"electricity.energy.active.import/t2"}
    assert codes_of(decoded) == ["fragment_waiting"]
    assert decoded.notices[0].detail.startswith("1 of ? pieces")


def test_a_later_piece_adds_only_what_is_new() -> None:
    first, last = cut(_WHOLE, len(_WHOLE) - 5)
    device = Device()
    device.takes(first)
    assert values_of(device.takes(last)) == {"electricity.energy.active.import/t2": 552_815_000}


def test_nothing_is_read_behind_a_missing_piece() -> None:
    _, middle, last = cut(_WHOLE, 30, 60)
    device = Device()
    assert device.takes(last).notices[0].detail.startswith("1 of 3 pieces")
    device.takes(middle)
    assert device.found == set()


def test_a_repeated_piece_says_nothing_again() -> None:
    first, last = cut(_WHOLE, 30)
    device = Device()
    device.takes(first)
    device.takes(last)
    again = device.takes(last)
    assert again.snapshots == ()
    assert codes_of(again) == ["fragment_repeated"]


def test_readings_are_as_old_as_the_first_piece() -> None:
    without_clock = bytes.fromhex(_REGISTER_1 + _REGISTER_2)
    first, last = cut(without_clock, 30, step=200)
    device = Device()
    device.takes(first)
    assert device.takes(last).snapshots[0].age_ns == 200 * NS_PER_S
    assert {event_ns for event_ns, *_ in device.found} == {first.network_ns}


def test_an_incomplete_payload_is_given_up_after_an_hour() -> None:
    first, _, last = cut(_WHOLE, 30, 60)
    device = Device()
    device.takes(first)
    device.takes(last)
    device.takes(Payload(bytes.fromhex(_REGISTER_1), 5, last.network_ns + 3_600 * NS_PER_S))
    assert device.expired == []
    device.takes(Payload(bytes.fromhex(_REGISTER_1), 5, last.network_ns + 3_601 * NS_PER_S))
    assert [(f.index, f.total, f.data) for f in device.expired] == [(0, 3, first.data), (2, 3, last.data)]
    assert device.context == NO_CONTEXT


def test_a_complete_payload_is_forgotten_without_a_word() -> None:
    device = Device()
    for payload in cut(_WHOLE, 30):
        device.takes(payload)
    device.takes(Payload(bytes.fromhex(_REGISTER_1), 5, (_NOON_S + 1_000) * NS_PER_S))
    assert device.context == NO_CONTEXT
    assert device.expired == []


def test_pieces_of_the_next_payload_do_not_fill_the_gaps_of_the_last() -> None:
    device = Device()
    lost_end = cut(_WHOLE, 30)[0]
    lost_beginning = cut(bytes.fromhex(_REGISTER_2 + _REGISTER_1), 10, start=900)[1]
    device.takes(lost_end)
    device.takes(lost_beginning)
    assert "electricity.energy.active.import/t1" not in device.values
    assert len({fragment.group for fragment in device.context.fragments}) == 2


def test_the_same_bytes_a_quarter_of_an_hour_later_are_another_reading() -> None:
    device = Device()
    data = bytes.fromhex(_REGISTER_1 + _REGISTER_2)
    for payload in (*cut(data, 30), *cut(data, 30, start=900)):
        device.takes(payload)
    assert {event_ns // NS_PER_S - _NOON_S for event_ns, *_ in device.found} == {0, 900}


def test_two_payloads_may_arrive_interleaved() -> None:
    device = Device()
    (first, last), (next_first, next_last) = cut(_WHOLE, 40), cut(_WHOLE, 30, start=900)
    for payload in (next_last, first, next_first, last):
        device.takes(payload)
    assert device.values == _ALL_VALUES
    assert device.expired == []


def test_only_so_many_payloads_are_waited_for() -> None:
    device = Device()
    for n in range(6):
        device.takes(piece(0, _WHOLE[:30], n * 301))
    assert [fragment.network_ns // NS_PER_S - _NOON_S for fragment in device.expired] == [0, 301]
    assert len(device.context.fragments) == 4


def test_only_so_many_pieces_are_waited_for() -> None:
    device = Device()
    for n in range(1, 60):
        device.takes(piece(n, b"x", n))
    assert len(device.context.fragments) <= 32
    assert len(device.context.fragments) + len(device.expired) == 59


def test_a_payload_that_is_broken_at_its_end_goes_to_the_dead_letters_whole() -> None:
    pieces = cut(_WHOLE[:-3], 40)
    for order in (pieces, pieces[::-1]):
        device = Device(found=set(), expired=[])
        decoded = [device.takes(payload) for payload in order][-1]
        assert "payload_malformed" in codes_of(decoded)
        assert "electricity.energy.active.import/t1" in device.values
        assert sorted(fragment.index for fragment in device.expired) == [0, 1]
        assert device.context == NO_CONTEXT


def test_a_status_in_pieces_is_read_once_it_is_whole() -> None:
    device = Device()
    data = (_NOON_S).to_bytes(4, "little") + bytes((0, 1)) + bytes(8) + bytes((4, 0)) + bytes(12)
    first, last = cut(data, 11, step=60, f_port=_STATUS)
    assert device.takes(last).snapshots == ()
    decoded = device.takes(first)
    assert decoded.attributes["firmware"] == "1.0"
    assert {event_ns for event_ns, *_ in device.found} == {first.network_ns}


def test_pieces_of_status_and_meter_data_do_not_mix() -> None:
    device = Device()
    device.takes(piece(0, _WHOLE[:30], 0))
    device.takes(piece(1, _WHOLE[30:], 1, is_last=True, f_port=_STATUS))
    assert "electricity.energy.active.import/t2" not in device.values
