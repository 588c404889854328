"""Measurements, never tests: what a stage costs on this machine, all runs and all noise shown."""
