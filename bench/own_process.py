"""Work in a process of its own: nothing that measuring needs stands in its memory or on its processor time."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")
_Plan = TypeVar("_Plan")


def in_own_process(work: Callable[[_Plan], T], plan: _Plan) -> T:
    """Return what ``work(plan)`` returns in a fresh interpreter; gRPC and the drivers would not survive a fork."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, plan).result()
