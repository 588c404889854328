"""Tests of what measures: its arithmetic, its input, and whether it sees what is missing."""
