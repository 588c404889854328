"""Tests of the SQLite adapters."""
