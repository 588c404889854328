"""Which parts a process is made of, and which adapter stands behind each port: construction only, no I/O."""

from stadtfunk.container.distributed import Distributed
from stadtfunk.container.embedded import Embedded

__all__ = ["Distributed", "Embedded"]
