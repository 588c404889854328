"""The rules of street lighting."""
