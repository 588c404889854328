"""How much one client may ask of the server, so that it cannot take the others' share."""

from msgspec import Struct


class Limits(Struct, frozen=True):
    """The server's limits."""

    most_calls: int = 256
    """At once: the streams, and calls that take some 10 ms each."""
    most_streams: int = 32
    """A stalled stream holds some 6 MB of buffers: 32 × 6 MB = 192 MB."""
    most_watches: int = 64
    """At once, of health and reflection, which last as long as their clients like: a probe has one. Without an end of
    their own they could take all calls; 64 + 32 of 256 leave 160."""
    longest_call_s: float = 30.0
    """A page of 1,000 readings takes milliseconds, a store that is being retried a few seconds."""
    longest_stream_s: float = 600.0
    """At a slow 20,000 readings/s this is 12 million, more than one stream may send."""
    longest_write_s: float = 30.0
    """A message has 1,000 readings, some 30 kB: a client that cannot take 1 kB/s is not reading."""
    most_readings: int = 10_000_000
    """Of one stream: some 300 MB, in minutes."""
