"""From the payload of an uplink to observations: the codec of its device type, and the rule of event time."""

from msgspec import Struct

from application.processing.batch import NOT_SCRIPTED, Scripted
from domain.decoding import Codec, Context, Decoded, Decoders, DeviceFacts, Fragment, Payload, Snapshot, Undecodable
from domain.observation import Observation, Position, Value, event_time, judged, position
from domain.radio import ServerReport, Uplink

EXPIRED = "fragments_incomplete"
"""Why pieces become dead letters whose rest never came; the uplink by which that is known can be read."""
_NS_PER_MS = 1_000_000


class Rejected(Struct, frozen=True, gc=False):
    """Why a payload yields nothing; it goes to the dead letters."""

    code: str
    detail: str
    decoder: str = ""
    concealed: bool = False
    """Keys may be among the bytes: neither message nor payload is shown."""
    undisclosed: str = ""
    """The detail that is not shown, where another is: it still tells the letter from others (``letters``)."""


class PayloadReading:
    """Finds the codec for a payload and applies it."""

    def __init__(self, decoders: Decoders) -> None:
        self._decoders = decoders

    def read(
        self,
        uplink: Uplink,
        device_type: str,
        context: Context,
        facts: DeviceFacts,
        scripted: Scripted = NOT_SCRIPTED,
    ) -> tuple[str, Decoded] | Rejected:
        """Return the codec's label and what it, or its script before, made of the payload of ``uplink``."""
        codec = self._decoders.of(device_type, facts.firmware, uplink.network_ns)
        payload = Payload(uplink.payload, uplink.f_port, uplink.network_ns, facts)
        if codec is None:
            return self._no_codec(uplink, device_type, payload)
        if uplink.encrypted:
            return Rejected("payload_encrypted", "the payload is encrypted with the AppSKey: let the server decrypt it")
        if codec.script:
            return self._by_script(codec, scripted, payload)
        try:
            return codec.label, codec.decode(payload, context)
        except Undecodable as error:
            return self._refused(codec, error, payload)
        except Exception as error:  # noqa: BLE001  a codec's bug must cost one frame, not the pipeline
            concealed = self._decoders.conceals(payload)
            # An exception's words may quote the bytes it broke on.
            said = type(error).__name__ if concealed else f"{type(error).__name__}: {error}"
            return Rejected("codec_failed", said, codec.label, concealed=concealed)

    def may_conceal(self, device_type: str) -> bool:
        """Say whether devices of ``device_type`` send keys in any of their frames."""
        return self._decoders.may_conceal(device_type)

    def _refused(self, codec: Codec, error: Undecodable, payload: Payload) -> Rejected:
        """Return a refusal; a codec that knows of no keys may quote them, if it got the frame of another type."""
        concealed = self._decoders.conceals(payload)
        said = error.message if codec.conceals is not None or not concealed else "the payload is of another device type"
        return Rejected(error.code, said, codec.label, concealed=concealed)

    def _by_script(self, codec: Codec, scripted: Scripted, payload: Payload) -> tuple[str, Decoded] | Rejected:
        if codec.conceals is not None and codec.conceals(payload):
            return Rejected(
                "payload_withheld", "no script is shown a frame with keys in it", codec.label, concealed=True
            )
        found = scripted.get(codec.name)
        if isinstance(found, Decoded):
            return codec.label, found
        if found is None:
            return Rejected("codec_failed", "its script was not run before the step", codec.label)
        return self._refused(codec, found, payload)

    def _no_codec(self, uplink: Uplink, device_type: str, payload: Payload) -> Rejected:
        concealed = self._decoders.may_conceal(device_type) or self._decoders.conceals(payload)
        if self._decoders.knows(device_type):
            firmware = payload.facts.firmware
            detail = (
                f"device type {device_type!r} has no codec for firmware {firmware!r}: register the device's firmware"
            )
            return Rejected("firmware_unknown", detail, concealed=concealed)
        if device_type:
            detail = f"device type {device_type!r} has no codec: correct its [[device_types]]"
            return Rejected("codec_unknown", detail, concealed=concealed)
        detail = (
            f"nothing tells the type of device {uplink.device_id!r} of application {uplink.application_id!r}"
            f" (model {uplink.model!r}): add a [[device_types]] to the settings"
        )
        return Rejected("device_type_unknown", detail, concealed=concealed)


def observed(snapshot: Snapshot, uplink: Uplink, written_us: int, device_type: str, decoder: str) -> Observation:
    """Return ``snapshot`` as an observation, with the time it was true."""
    event_ns, origin, uncertainty_ms = event_time(snapshot.device_ns, uplink.network_ns, snapshot.age_ns)
    if snapshot.uncertainty_ns:
        uncertainty_ms += -(-snapshot.uncertainty_ns // _NS_PER_MS)
    return Observation(
        uplink.dev_eui,
        event_ns,
        written_us,
        judged(snapshot.readings),
        origin,
        uncertainty_ms,
        device_type,
        decoder,
        uplink.source,
        uplink.f_cnt,
    )


def reported_by_server(report: ServerReport, written_us: int, device_type: str) -> Observation:
    """Return what a network server says of a device as an observation at the server's time."""
    event_ns, origin, uncertainty_ms = event_time(None, report.network_ns)
    return Observation(
        report.dev_eui,
        event_ns,
        written_us,
        judged(report.readings),
        origin,
        uncertainty_ms,
        device_type,
        "",
        report.source,
    )


def placed_by_server(uplink: Uplink, written_us: int, device_type: str) -> Observation:
    """Return where the server that brought ``uplink`` has the device on its map."""
    place = () if uplink.place is None else (position("", uplink.place),)
    report = ServerReport(
        uplink.dev_eui, uplink.source, uplink.application_id, uplink.device_id, uplink.network_ns, place
    )
    return reported_by_server(report, written_us, device_type)


def is_configured(place: Value) -> bool:
    """Say whether ``place`` is one that somebody typed in: what a device or a survey says is better."""
    return isinstance(place, Position) and place.source == "configured"


def expired(fragment: Fragment, decoder: str) -> Rejected:
    """Return why ``fragment`` is given up."""
    detail = f"piece {fragment.index + 1} of {fragment.total or '?'} of payload {fragment.group}: the rest never came"
    return Rejected(EXPIRED, detail, decoder)
