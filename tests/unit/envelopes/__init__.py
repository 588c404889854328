"""Tests that hold the envelopes of all network servers beside each other."""
