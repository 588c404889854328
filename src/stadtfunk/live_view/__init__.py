"""How it is going: sampled from the stages' counters, drawn in a terminal or written as plain lines."""

from stadtfunk.live_view.lines import progress_line, stage_line
from stadtfunk.live_view.progress import Progress, ProgressMeter
from stadtfunk.live_view.screen import screen

__all__ = ["Progress", "ProgressMeter", "progress_line", "screen", "stage_line"]
