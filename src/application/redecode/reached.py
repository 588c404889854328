"""How far a job has come, from where it can go on after it was killed."""

from msgspec import Struct

from application.ports.uplink_log import LoggedUplinks


class Reached(Struct, frozen=True):
    """All before ``positions`` is compared and replaced; what follows is not yet."""

    received_us: int
    """Receipt of the newest uplink that is done, µs since 1970-01-01 UTC."""
    written_us: int
    """Write time of what comes next."""
    positions: dict[int, int]
    """First position of each partition that is not done; a partition that is not named has its beginning before it."""

    def is_done(self, logged: LoggedUplinks) -> bool:
        """Say whether all of ``logged`` is done: it is read only for what devices told of themselves."""
        return logged.next_offset <= self.positions.get(logged.partition, 0)

    def parts(self, logged: LoggedUplinks) -> list[LoggedUplinks]:
        """Return ``logged`` cut where the job stopped, so that each part is done as a whole, or not at all."""
        position = self.positions.get(logged.partition, 0)
        done = sum(offset < position for offset in logged.offsets)
        if not 0 < done < len(logged.offsets):
            return [logged]
        return [
            LoggedUplinks(logged.partition, logged.offsets[part], logged.uplinks[part])
            for part in (slice(done), slice(done, None))
        ]
