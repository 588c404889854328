"""From the payload of an uplink to observations: the codec of its device type, and the rule of event time."""

from msgspec import Struct

from domain.decoding import Context, Decoded, Decoders, Fragment, Payload, Snapshot, Undecodable
from domain.observation import Observation, event_time
from domain.radio import Uplink


class Rejected(Struct, frozen=True, gc=False):
    """Why a payload yields nothing; it goes to the dead letters."""

    code: str
    detail: str
    decoder: str = ""


class PayloadReading:
    """Finds the codec of a device type and applies it."""

    def __init__(self, decoders: Decoders) -> None:
        self._decoders = decoders

    def read(self, uplink: Uplink, device_type: str, context: Context) -> tuple[str, Decoded] | Rejected:
        """Return the codec's label and what it made of the payload of ``uplink``."""
        codec = self._decoders.of(device_type, uplink.firmware, uplink.network_ns)
        if codec is None:
            return _no_codec(uplink, device_type)
        if uplink.encrypted:
            return Rejected("payload_encrypted", "the payload is encrypted with the AppSKey: let the server decrypt it")
        try:
            return codec.label, codec.decode(Payload(uplink.payload, uplink.f_port, uplink.network_ns), context)
        except Undecodable as error:
            return Rejected(error.code, error.message, codec.label)
        except Exception as error:  # noqa: BLE001  a codec's bug must cost one frame, not the pipeline
            return Rejected("codec_failed", f"{type(error).__name__}: {error}", codec.label)


def observed(snapshot: Snapshot, uplink: Uplink, written_us: int, device_type: str, decoder: str) -> Observation:
    """Return ``snapshot`` as an observation, with the time it was true."""
    event_ns, origin, uncertainty_ms = event_time(snapshot.device_ns, uplink.network_ns, snapshot.age_ns)
    return Observation(
        uplink.dev_eui,
        event_ns,
        written_us,
        snapshot.readings,
        origin,
        uncertainty_ms,
        device_type,
        decoder,
        uplink.source,
        uplink.f_cnt,
    )


def expired(fragment: Fragment, decoder: str) -> Rejected:
    """Return why ``fragment`` is given up."""
    detail = f"piece {fragment.index + 1} of {fragment.total or '?'} of payload {fragment.group}: the rest never came"
    return Rejected("fragments_incomplete", detail, decoder)


def _no_codec(uplink: Uplink, device_type: str) -> Rejected:
    if device_type:
        return Rejected("codec_unknown", f"device type {device_type!r} has no codec: correct its [[device_types]]")
    detail = (
        f"nothing tells the type of device {uplink.device_id!r} of application {uplink.application_id!r}"
        f" (model {uplink.model!r}): add a [[device_types]] to the settings"
    )
    return Rejected("device_type_unknown", detail)
