"""A city that speaks while a platform is injured, and knows afterwards what must have arrived."""

import signal
from itertools import count
from pathlib import Path

from tests.e2e.role import Role
from tests.e2e.truth import Truth, read_truth
from tools.services.mosquitto import Mosquitto

DEVICES = 800
RATE = 200.0
"""A second, no more than a quarter of the devices: the city's time is then that of the clock. With Kafka, Cassandra,
four roles and the kills on two cores there is room for catching up."""
_PATIENCE_S = 900
"""It waits for its broker longer than any fault lasts."""
_END_S = 120.0
_seeds = count(5_001)
"""Each city has devices of its own."""


class City(Role):
    """``stadtfunk simulate`` at QoS 1: what its broker took, it has told; until it is stopped.

    ``repeats``: some frames are heard twice, which is true of the first only. Where the first may be lost behind the
    city's back, nobody who hears the second can know that, and it is better not said.
    """

    def __init__(
        self, folder: Path, broker: Mosquitto, *, rate: float = RATE, devices: int = DEVICES, repeats: bool = True
    ) -> None:
        seed = next(_seeds)
        self._truth = folder / f"truth-{seed}.jsonl"
        super().__init__(
            folder,
            "simulate",
            *("--mqtt", f"mqtt://{broker.host}:{broker.port}", "--qos", "1", "--patience", str(_PATIENCE_S)),
            *("--rate", str(rate), "--devices", str(devices), "--seed", str(seed), "--truth", str(self._truth)),
            *(() if repeats else ("--repeated", "0")),
        )

    def speaks(self) -> bool:
        """Say whether it has begun, and can be told to stop."""
        return self._truth.exists()

    def pause(self) -> None:
        """Let it say nothing for a while."""
        self.send(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on; it publishes again what its broker did not acknowledge."""
        self.send(signal.SIGCONT)

    def truth(self) -> Truth:
        """Stop it, and return what was true up to then."""
        if self.is_running:
            self.send(signal.SIGTERM)
        assert self.wait(_END_S) == 0, self.said()
        truth = read_truth(self._truth)
        # Who has joined and was stopped before the first frame is nobody yet.
        truth.devices = {dev_eui: device for dev_eui, device in truth.devices.items() if device.received}
        return truth
