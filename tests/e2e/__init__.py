"""Whole processes on real servers, judged by the truth of the simulated city."""
