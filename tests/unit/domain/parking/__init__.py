"""The rules of parking spots."""
