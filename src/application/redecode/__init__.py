"""Reading the raw log again with the decoders of today, and replacing what those of before made of it.

The same fold as processing over scratch memory, of which only the observations are used: frames are not accounted a
second time, states and dead letters are left alone. What is stored is compared reading by reading: a value that differs
is replaced, one that no decoder says any more is withdrawn, and the old ones stay readable as of the time before
(``KnownAt``). Repeating a job that was killed finds what is done already and does the rest; with what it ``Reached`` it
does not even look.
"""

from application.redecode.job import Difference, Job, Redecoded
from application.redecode.reached import Reached
from application.redecode.redecoding import Redecoding

__all__ = ["Difference", "Job", "Reached", "Redecoded", "Redecoding"]
