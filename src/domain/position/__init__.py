"""Positions: where a device is and was, and who says so."""

from domain.position.best_position import OUTDATED_NS, BestPosition, best_position, track
from domain.position.fix import Fix
from domain.position.source import GNSS, RANKS, SURVEYED, rank

__all__ = ["GNSS", "OUTDATED_NS", "RANKS", "SURVEYED", "BestPosition", "Fix", "best_position", "rank", "track"]
