"""All network servers, read and processed as the platform does it."""

from collections.abc import Sequence

from adapters.chirpstack.envelope_reader import ChirpStackEnvelopeReader
from adapters.ttn.envelope_reader import TtnEnvelopeReader
from application.ports.uplink_log import LoggedUplinks, RawUplink
from application.processing.batch import read_batch
from application.processing.outcome import Outcome
from application.processing.step import Step
from domain.decoding.catalogue import DECODERS, MODELS
from domain.device import DeviceMemory, DeviceTypeRule, DeviceTypes
from stadtfunk.container.envelope_readers import EnvelopeReaders

READER = EnvelopeReaders(TtnEnvelopeReader(), ChirpStackEnvelopeReader())
_STEP = Step(
    DeviceTypes(
        MODELS,
        (
            DeviceTypeRule("imst_ioke868", device_id="meter-*"),
            DeviceTypeRule("nas_um30xx", device_id="water-*"),
            DeviceTypeRule("bosch_tps110", device_id="spot-*"),
        ),
    ),
    DECODERS,
)


def processed(raws: Sequence[RawUplink], memory: dict[str, DeviceMemory] | None = None) -> Outcome:
    """Return what comes of ``raws``, in this order, to devices remembered as ``memory``."""
    known = memory or {}
    first = max((device.offset + 1 for device in known.values()), default=0)
    return _STEP.process(read_batch(LoggedUplinks(0, range(first, first + len(raws)), raws), READER), known)


def received_and_missing(outcome: Outcome, dev_eui: str, source: str = "swu") -> tuple[int, int]:
    """Return the frames of a device at one network server."""
    account = outcome.memory[dev_eui].accounts[source]
    return account.counts.received, account.missing
