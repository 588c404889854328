"""One transmission, whichever network server tells of it, has the same readings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.simulated_city.encoders import bosch_tps110, imst_ioke868, nas_um30xx
from domain.observation import Observation, register
from tests.unit.envelopes.platform import READER, processed
from tests.unit.envelopes.transmission import (
    WRITERS,
    Transmission,
    Write,
    Writing,
    gateways,
    in_chirpstack,
    in_v2,
    in_v3,
    writings,
)

_JUNE_S = 1_780_308_000
_NS = 1_000_000_000

_clocks = st.integers(_JUNE_S - 86_400, _JUNE_S + 3 * 86_400)
"""Of devices: some believable, some ahead of the network."""


@st.composite
def _electricity(draw: st.DrawFn) -> tuple[str, int, bytes]:
    head = imst_ioke868.meter_head(draw(_clocks), b"1EMH0012345678", exports=False)
    register = imst_ioke868.register(imst_ioke868.IMPORT, draw(st.integers(0, 2)), -1, draw(st.integers(0, 2**55)))
    return "meter", imst_ioke868.METER_PORT, head + register


@st.composite
def _water(draw: st.DrawFn) -> tuple[str, int, bytes]:
    age, pulses = draw(st.integers(0, 59)), draw(st.integers(0, 2**32 - 1))
    return "water", nas_um30xx.USAGE_PORT, nas_um30xx.usage(age, pulses, factor_power=1, closed=draw(st.booleans()))


_parking = st.one_of(
    st.booleans().map(lambda taken: ("spot", bosch_tps110.STATUS_PORT, bosch_tps110.status(occupied=taken))),
    st.tuples(st.integers(-40, 80), st.booleans()).map(
        lambda said: ("spot", bosch_tps110.HEARTBEAT_PORT, bosch_tps110.heartbeat(said[0], occupied=said[1]))
    ),
)
_noise = st.tuples(st.sampled_from(["meter", "water", "spot"]), st.integers(0, 255), st.binary(max_size=40))


@st.composite
def transmissions(draw: st.DrawFn) -> Transmission:
    """Return what a device of the city may send; sometimes nothing that can be decoded, sometimes nothing at all."""
    kind, f_port, payload = draw(_electricity() | _water() | _parking | _noise)
    return Transmission(
        dev_eui=f"{draw(st.integers(0, 2**64 - 1)):016x}",
        dev_addr=f"{draw(st.integers(0, 2**32 - 1)):08x}",
        device_id=f"{kind}-0001",
        f_cnt=draw(st.just(0) | st.integers(0, 2**32 - 1)),
        f_port=f_port,
        payload=payload,
        ns=_JUNE_S * _NS + draw(st.integers(0, _NS - 1)),
        gateways=draw(gateways),
        spreading_factor=draw(st.integers(7, 12)),
        frequency_hz=draw(st.sampled_from([868_100_000, 868_300_000, 867_900_000, 869_525_000])),
    )


def with_device_times(observations: list[Observation]) -> list[object]:
    """Return readings with the times that devices gave; a time of the network shows as ``None``."""
    return [
        (seen.readings, seen.event_ns if seen.time_origin == "device" else None, seen.time_origin, seen.decoder)
        for seen in observations
    ]


def a_reading_of_a_meter(clock_s: int = _JUNE_S - 2) -> Transmission:
    """Return what a meter sends at 10:00:00.019589559 UTC."""
    head = imst_ioke868.meter_head(clock_s, b"1EMH0012345678", exports=False)
    register = imst_ioke868.register(imst_ioke868.IMPORT, 0, -1, 17_123_885)
    return Transmission(
        dev_eui="003e94c6ad72f129",
        dev_addr="260b1716",
        device_id="meter-0001",
        f_cnt=42,
        f_port=imst_ioke868.METER_PORT,
        payload=head + register,
        ns=_JUNE_S * _NS + 19_589_559,
        gateways=(),
        spreading_factor=9,
        frequency_hz=868_100_000,
    )


@pytest.mark.parametrize("write", WRITERS)
def test_the_register_of_a_meter_comes_out_exact_with_the_meters_time(write: Write) -> None:
    (seen,) = processed([write(a_reading_of_a_meter())]).observations
    assert (seen.event_ns, seen.time_origin) == ((_JUNE_S - 2) * _NS, "device")
    assert register("electricity.energy.active.import", "", 17_123_885, -1) in seen.readings


@pytest.mark.parametrize("write", WRITERS)
def test_where_the_meters_clock_cannot_be_believed_the_networks_time_holds_to_the_nanosecond(write: Write) -> None:
    (seen,) = processed([write(a_reading_of_a_meter(clock_s=946_684_800))]).observations
    assert (seen.event_ns, seen.time_origin) == (_JUNE_S * _NS + 19_589_559, "network")


@given(transmissions(), st.tuples(writings, writings, writings))
def test_readings_channels_values_and_device_times_are_the_same(
    sent: Transmission, times: tuple[Writing, Writing, Writing]
) -> None:
    outcomes = [processed([write(sent, time)]) for write, time in zip(WRITERS, times, strict=True)]
    first, *others = [
        (with_device_times(each.observations), [(dead.reason, dead.payload) for dead in each.dead_letters])
        for each in outcomes
    ]
    assert all(other == first for other in others)


@given(transmissions(), writings, writings)
def test_network_times_agree_but_for_their_precision(sent: Transmission, one: Writing, other: Writing) -> None:
    exact = processed([in_chirpstack(sent)]).observations
    for raw, written in ((in_v2(sent, one), one), (in_v3(sent, other), other)):
        precision_ns = 10 ** (9 - written.digits)
        for seen, expected in zip(processed([raw]).observations, exact, strict=True):
            assert 0 <= expected.event_ns - seen.event_ns < precision_ns


@given(transmissions())
def test_device_counter_port_payload_and_signal_are_the_same(sent: Transmission) -> None:
    for write in WRITERS:
        read = READER.read(write(sent))
        assert getattr(read, "dev_eui", None) == sent.dev_eui
        facts = [getattr(read, name) for name in ("f_cnt", "f_port", "payload", "network_ns", "frequency_hz")]
        assert facts == [sent.f_cnt, sent.f_port, sent.payload, sent.ns, sent.frequency_hz]
        assert getattr(read, "data_rate", None) == f"SF{sent.spreading_factor}BW125"
        heard = [(each.gateway_id[-16:], each.rssi_dbm, each.snr_db) for each in getattr(read, "receptions", ())]
        assert heard == [(each.eui, float(each.rssi), each.snr) for each in sent.gateways]
