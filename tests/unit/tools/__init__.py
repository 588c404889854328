"""Tests of what starts the servers for other tests."""
