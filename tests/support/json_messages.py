"""Changing a message of a network server field by field."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]


def changed(message: Json, path: str, value: object) -> Json:
    """Return ``message`` with ``value`` in the field at ``path``: ``uplink_message.rx_metadata.0.snr``."""
    copied = copy.deepcopy(message)
    parent, last = _parent(copied, path)
    parent[last] = value
    return copied


def without(message: Json, *paths: str) -> Json:
    """Return ``message`` without the fields at ``paths``."""
    copied = copy.deepcopy(message)
    for path in paths:
        parent, last = _parent(copied, path)
        del parent[last]
    return copied


def paths(message: object, before: str = "") -> Iterator[str]:
    """Yield the path of every field in ``message``."""
    items = message.items() if isinstance(message, dict) else enumerate(message) if isinstance(message, list) else ()
    for key, value in items:
        yield f"{before}{key}"
        yield from paths(value, f"{before}{key}.")


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.sampled_from([10**400, -(10**400), 1.7e308])
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["", "0", "-1", "868.1", "9999-12-31T23:59:60Z", "0001-01-01T00:00:00Z", "1s", "A===", "²"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def mutations(message: Json) -> st.SearchStrategy[Json]:
    """Return ``message`` with any value in any of its fields."""
    return st.builds(changed, st.just(message), st.sampled_from(sorted(paths(message))), _VALUES)


def _parent(message: Json, path: str) -> tuple[Any, Any]:
    *steps, last = path.split(".")
    parent: Any = message
    for step in steps:
        parent = parent[int(step)] if isinstance(parent, list) else parent[step]
    return parent, int(last) if isinstance(parent, list) else last
