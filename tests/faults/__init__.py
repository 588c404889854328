"""Faults on real servers and whole processes: one fault, one city, the oracles, and how long nothing went through."""
