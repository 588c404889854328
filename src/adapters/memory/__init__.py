"""Everything in memory: for tests and for trying things out. Nothing here survives the process."""
