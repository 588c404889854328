"""Tests of the envelopes of The Things Network."""
