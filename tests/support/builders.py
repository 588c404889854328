"""Builders of domain values: every argument has a plausible default, so a test names only what it is about."""

from application.ports.dead_letters import DeadLetter
from application.ports.uplink_log import RawUplink
from domain.device import Device, DeviceState, FrameSummary
from domain.identifiers import DevEui
from domain.observation import Observation, Reading
from domain.radio import Activation, Reception, ServerNotice, ServerReport, Uplink

DEV = DevEui("003e94c6ad72f129")
NS = 1_000_000_000
NOON_NS = 1_767_268_800 * NS
"""2026-01-01 12:00 UTC."""


def a_reception(gateway_id: str = "ulm-muenster", snr_db: float = 5.2) -> Reception:
    """Return how a gateway heard a frame."""
    return Reception(gateway_id, -110.0, snr_db)


def an_uplink(  # noqa: PLR0913  a builder names every fact a test may be about
    f_cnt: int = 0,
    *,
    dev_eui: str = DEV,
    session: str = "session-1",
    seconds: float | None = None,
    payload: bytes = b"\x01",
    f_port: int = 1,
    source: str = "swu",
    model: str = "",
    application_id: str = "swu-parking",
    device_id: str = "spot-0001",
    receptions: tuple[Reception, ...] = (a_reception(),),
    encrypted: bool = False,
    firmware: str = "",
    dev_addr: str = "",
) -> Uplink:
    """Return an uplink; its network time is ``seconds`` (default: 900 per counter) after noon."""
    after = 900.0 * f_cnt if seconds is None else seconds
    return Uplink(
        DevEui(dev_eui),
        source,
        application_id,
        device_id,
        session,
        f_cnt,
        f_port,
        payload,
        NOON_NS + int(after * NS),
        receptions,
        model,
        firmware,
        encrypted=encrypted,
        dev_addr=dev_addr,
    )


def a_server_report(*readings: Reading, seconds: float = 0.0) -> ServerReport:
    """Return what a network server measured itself, ``seconds`` after noon."""
    ns = NOON_NS + int(seconds * NS)
    return ServerReport(DEV, "swu", "swu-parking", "spot-0001", ns, readings)


def a_server_notice(code: str, *, f_cnt: int | None = None, seconds: float = 0.0) -> ServerNotice:
    """Return a line of a network server's log, ``seconds`` after noon."""
    ns = NOON_NS + int(seconds * NS)
    return ServerNotice(DEV, "swu", "swu-parking", "spot-0001", ns, "warning", code, f_cnt=f_cnt)


def an_activation(
    session: str = "session-1", seconds: float = -10.0, *, dev_eui: str = DEV, dev_addr: str = ""
) -> Activation:
    """Return a join ``seconds`` after noon."""
    ns = NOON_NS + int(seconds * NS)
    return Activation(DevEui(dev_eui), "swu", "swu-parking", "spot-0001", session, ns, dev_addr)


def a_raw_uplink(body: bytes = b"{}", received_us: int = NOON_NS // 1_000, source: str = "swu") -> RawUplink:
    """Return a raw message."""
    return RawUplink(source, "tts", "v3/app@ulm/devices/spot-0001/up", body, received_us)


def a_reading(
    measurand: str = "parking.occupied", channel: str = "", value: bool | float | str = True, exponent: int = 0
) -> Reading:
    """Return a reading."""
    return Reading(measurand, channel, value, exponent)


def an_observation(
    *readings: Reading, dev_eui: str = DEV, event_ns: int = NOON_NS, written_us: int = NOON_NS // 1_000, f_cnt: int = 0
) -> Observation:
    """Return an observation; without readings: a parking spot that is occupied."""
    return Observation(
        DevEui(dev_eui),
        event_ns,
        written_us,
        readings or (a_reading(),),
        "network",
        2_000,
        "bosch_tps110",
        "bosch_tps110@1",
        "swu",
        f_cnt,
    )


def a_device(dev_eui: str = DEV, written_us: int = NOON_NS // 1_000, device_type: str = "bosch_tps110") -> Device:
    """Return a registered device."""
    return Device(DevEui(dev_eui), written_us, device_type, "swu", "swu-parking", "spot-0001", written_us)


def a_device_state(dev_eui: str = DEV, written_us: int = NOON_NS // 1_000, received: int = 1) -> DeviceState:
    """Return the state of a device."""
    frames = FrameSummary("swu", received, 0, 0, 0, 0, 0, 0, 0, 1, received - 1)
    return DeviceState(DevEui(dev_eui), written_us, "bosch_tps110", "swu-parking", "spot-0001", NOON_NS, (frames,), ())


def a_dead_letter(
    letter_id: str = "0-0-envelope_unreadable",
    reason: str = "envelope_unreadable",
    received_us: int = NOON_NS // 1_000,
) -> DeadLetter:
    """Return a dead letter."""
    return DeadLetter(letter_id, reason, "process", "not JSON", "uplinks/0@0", "swu", "t", received_us, b"{")
