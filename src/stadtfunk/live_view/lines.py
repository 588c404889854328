"""Plain lines, for logs."""

from application.stage_counts import StageCounts
from stadtfunk.live_view.progress import Progress


def stage_line(stage: str, counts: StageCounts) -> str:
    """Return the counters of one stage: its conservation law in one line."""
    ignored = counts.ignored.total()
    return (
        f"{stage}: in {counts.came_in} = out {counts.out} + dead {counts.dead} + duplicate {counts.duplicate}"
        f" + redelivered {counts.redelivered} + ignored {ignored} + in flight {counts.in_flight};"
        f" readings {counts.readings}"
    )


def progress_line(progress: Progress) -> str:
    """Return the whole platform in one line."""
    frames = progress.frames
    return (
        f"{progress.uplinks_per_s:.0f} uplinks/s, {progress.readings_per_s:.0f} readings/s,"
        f" latency p50 {progress.p50_ms:.0f} ms p99 {progress.p99_ms:.0f} ms;"
        f" {frames.devices} devices, frames received {frames.received} missing {frames.missing}"
        f" duplicate {frames.duplicate}; dead letters {progress.dead}; waiting {progress.in_flight}"
    )
