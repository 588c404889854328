"""Scripts before the step: all payloads of a batch whose device types are decoded by scripts, in one go.

The step stays pure: it takes the results as it takes the messages. Which of a type's scripts is right may depend on
the firmware that a device reports within the batch, so all that may be are asked, and the step chooses.
"""

from collections.abc import Iterator

from application.ports.payload_decoder import PayloadDecoder, ScriptPayload
from application.processing.batch import Batch
from application.processing.known_devices import KnownDevices
from domain.decoding import Decoded, Decoders, Payload, Undecodable
from domain.device import DeviceTypes, Memory
from domain.radio import Uplink


class ScriptDecoding:
    """Finds the payloads that scripts must decode, and has them decoded."""

    def __init__(self, types: DeviceTypes, decoders: Decoders, registry: KnownDevices, decoder: PayloadDecoder) -> None:
        self._types = types
        self._decoders = decoders
        self._registry = registry
        self._decoder = decoder

    @property
    def is_needed(self) -> bool:
        """Whether any device type is decoded by a script."""
        return self._decoders.has_scripts

    async def decode(self, batch: Batch, memory: Memory) -> None:
        """Add to ``batch`` what scripts make of its payloads; ``memory`` is that of the step.

        Raises:
            Unavailable: there is nobody to run scripts.
        """
        wanted = list(self._wanted(batch, memory))
        if not wanted:
            return
        results = await self._decoder.decode([payload for _, payload in wanted])
        scripted: dict[int, dict[str, Decoded | Undecodable]] = {}
        for (offset, payload), result in zip(wanted, results, strict=True):
            scripted.setdefault(offset, {})[payload.codec] = result
        batch.scripted = scripted

    def _wanted(self, batch: Batch, memory: Memory) -> Iterator[tuple[int, ScriptPayload]]:
        types: dict[str, str] = {}
        for offset, message in zip(batch.offsets, batch.messages, strict=True):
            if not isinstance(message, Uplink):
                continue
            device_type = types[message.dev_eui] = self._type_of(message, memory, types.get(message.dev_eui, ""))
            if message.is_empty or message.encrypted:
                continue
            payload = Payload(message.payload, message.f_port, message.network_ns)
            for codec in self._decoders.scripts(device_type, message.network_ns):
                if codec.conceals is None or not codec.conceals(payload):
                    yield offset, ScriptPayload(codec.name, payload, self._variables(message.dev_eui))

    def _type_of(self, uplink: Uplink, memory: Memory, before: str) -> str:
        """Return the sender's type, as the step will find it."""
        entry = self._registry.entry(uplink.dev_eui)
        said = (entry.device_type if entry is not None else "") or self._types.of(uplink) or before
        if said:
            return said
        known = memory.get(uplink.dev_eui)
        return known.device.device_type if known is not None else ""

    def _variables(self, dev_eui: str) -> dict[str, str]:
        entry = self._registry.entry(dev_eui)
        return entry.labels if entry is not None else {}
