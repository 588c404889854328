"""Numbers of connectors: whether they run, what waits for them, when they were last known to be well."""

from collections.abc import Callable, Sequence

from application.connectors import Supervised
from application.ports.clock import Clock
from stadtfunk.figures.figure import Figure, Told

_US = 1_000_000


def connector_figures(connectors: Sequence[Supervised], clock: Clock) -> list[Figure]:
    """Return of each connector whether it runs, what waits for it, and how long ago it was last known to be well."""

    def of_each(value: Callable[[Supervised], float | None]) -> Callable[[], Told]:
        return lambda: [
            (found, {"connector": each.name, "kind": each.kind})
            for each in connectors
            if (found := value(each)) is not None
        ]

    def age_s(us: int) -> float | None:
        return max(0, clock.now_us() - us) / _US if us else None

    def canary_age_s(connector: Supervised) -> float | None:
        return age_s(connector.canary.back_us) if connector.canary is not None else None

    return [
        Figure("stadtfunk.connector.running", "1", of_each(lambda each: float(each.progress.state == "RUNNING"))),
        Figure("stadtfunk.connector.lag", "{item}", of_each(lambda each: each.progress.lag)),
        Figure("stadtfunk.connector.success.age", "s", of_each(lambda each: age_s(each.progress.last_success_us))),
        Figure(
            "stadtfunk.connector.canary.age",
            "s",
            of_each(canary_age_s),
        ),
    ]
