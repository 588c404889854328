"""The rules of positions."""
