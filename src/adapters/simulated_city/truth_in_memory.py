"""The truth in memory, for tests: bounded only by the run."""

from adapters.simulated_city.truth import DeviceTruth, ExpectedPoison, ExpectedReading


class TruthInMemory:
    """Three collections."""

    def __init__(self) -> None:
        self.readings: list[ExpectedReading] = []
        self.poison: list[ExpectedPoison] = []
        self.devices: dict[str, DeviceTruth] = {}
        """By DevEUI; complete once the run has ended."""

    def open(self) -> None:
        """Nothing to make ready."""

    def tell(self, truth: ExpectedReading | ExpectedPoison | DeviceTruth) -> None:
        if isinstance(truth, ExpectedReading):
            self.readings.append(truth)
        elif isinstance(truth, DeviceTruth):
            self.devices[truth.dev_eui] = truth
        else:
            self.poison.append(truth)

    def close(self) -> None:
        """Nothing to close."""
