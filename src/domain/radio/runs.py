"""Missing counters as runs: sorted, disjoint, inclusive intervals."""

Run = tuple[int, int]
Runs = tuple[Run, ...]


def contains(runs: Runs, f_cnt: int) -> bool:
    """Say whether ``f_cnt`` lies in one of ``runs``."""
    return any(first <= f_cnt <= last for first, last in runs)


def without(runs: Runs, f_cnt: int) -> Runs:
    """Return ``runs`` less ``f_cnt``; a run may shrink, split or vanish."""
    left: list[Run] = []
    for first, last in runs:
        if not first <= f_cnt <= last:
            left.append((first, last))
            continue
        if first < f_cnt:
            left.append((first, f_cnt - 1))
        if f_cnt < last:
            left.append((f_cnt + 1, last))
    return tuple(left)
