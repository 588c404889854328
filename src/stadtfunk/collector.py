"""Python's garbage collector in a process that works for months.

What a role is built of (modules, drivers, settings: some 125,000 objects) lives as long as the process, and a full
collection looks at all of it, every few thousand uplinks: a fifth of the processor time of ``process`` (measured,
docs/performance.md). The collector stays on: futures of the drivers are cyclic and would leak.
"""

import gc


def spare_what_stays() -> None:
    """Have the collector look at nothing of what is there now any more; to be called once a role is ready to work."""
    gc.collect()
    gc.freeze()
