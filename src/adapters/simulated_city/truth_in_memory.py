"""The truth in memory, for tests: bounded only by the run."""

from adapters.simulated_city.truth import DeviceTruth, ExpectedPoison, ExpectedReading, Incident, Told


class TruthInMemory:
    """Four collections."""

    def __init__(self) -> None:
        self.readings: list[ExpectedReading] = []
        self.poison: list[ExpectedPoison] = []
        self.incidents: list[Incident] = []
        self.devices: dict[str, DeviceTruth] = {}
        """By DevEUI; complete once the run has ended."""

    def open(self) -> None:
        """Nothing to make ready."""

    def tell(self, truth: Told) -> None:
        if isinstance(truth, ExpectedReading):
            self.readings.append(truth)
        elif isinstance(truth, DeviceTruth):
            self.devices[truth.dev_eui] = truth
        elif isinstance(truth, ExpectedPoison):
            self.poison.append(truth)
        else:
            self.incidents.append(truth)

    def close(self) -> None:
        """Nothing to close."""
