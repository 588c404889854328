"""The rules of the city: pure values and functions, no I/O, no clock, no logging."""
