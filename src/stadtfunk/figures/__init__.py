"""Numbers that a role tells whoever collects metrics, beside the counters of its stages.

A module for each kind of them, so that who tells none of Kafka loads no client of it.
"""

from stadtfunk.figures.figure import Figure

__all__ = ["Figure"]
