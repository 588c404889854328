"""Mappings: from a script's data to observations."""
