"""Envelopes of The Things Network: The Things Stack (v3) and the network of 2016 to 2021 (v2)."""
