"""Python's garbage collector in a process that works for months.

What a role is built of (modules, drivers, settings: some 125,000 objects) lives as long as the process, and a full
collection looks at all of it. What belongs to a batch (its records, in and out, 14 objects an uplink) lives as long as
the batch, and with Python's usual threshold is looked at two or three times before it goes. Neither is ever garbage
that only the collector finds: that took an eighth of the processor time of ``process`` (docs/performance.md). The
collector stays on: futures of the drivers are cyclic and would leak.
"""

import gc

_YOUNG = 10_000
"""Objects between two collections, instead of 700: what belongs to about as many uplinks as a full batch has (1,000).
Ten times that, some 15 MB, is the most that cyclic garbage grows to before an older generation is looked at."""


def spare_what_stays() -> None:
    """Have the collector look at nothing of what is there now any more; to be called once a role is ready to work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
