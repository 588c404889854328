"""A city in memory whose devices speak: frames go through decoding and accounting before anybody asks."""

from adapters.memory.loss_days import MemoryLossDays
from application.processing.step import Step
from domain.decoding.catalogue import DECODERS
from domain.device import DeviceMemory, DeviceTypeRule, DeviceTypes
from domain.radio import Activation, ServerReport, Uplink
from tests.support.builders import DEV, an_uplink
from tests.unit.application.city import MINUTE, City
from tests.unit.application.stepping import stepped

TYPES = DeviceTypes(
    {},
    (
        DeviceTypeRule("bosch_tps110", device_id="spot-*"),
        DeviceTypeRule("nas_ul20xx", device_id="lamp-*"),
        DeviceTypeRule("digital_matter_oyster", device_id="tracker-*"),
    ),
)


class LiveCity(City):
    """Ten hours after noon."""

    def __init__(self) -> None:
        super().__init__()
        self.now(600)
        self.losses = MemoryLossDays()
        self._step = Step(TYPES, DECODERS)
        self._memory: dict[str, DeviceMemory] = {}
        self._offset = 0

    async def speaks(
        self, minutes: float, f_cnt: int, f_port: int, payload: str, *, device_id: str = "spot-1", dev_eui: str = DEV
    ) -> None:
        """Let a device send a frame some minutes after noon."""
        uplink = an_uplink(
            f_cnt,
            dev_eui=dev_eui,
            seconds=minutes * MINUTE / 1_000_000_000,
            payload=bytes.fromhex(payload),
            f_port=f_port,
            device_id=device_id,
        )
        await self.takes(uplink)

    async def takes(self, message: Uplink | Activation | ServerReport) -> None:
        """Process a message, and store what comes of it."""
        outcome = stepped([message], self._memory, first=self._offset, step=self._step)
        assert outcome.dead_letters == []
        self._offset += 1
        self._memory |= outcome.memory
        await self.store.write(outcome.observations)
        await self.states.write(outcome.states)
        await self.losses.write(outcome.losses)
