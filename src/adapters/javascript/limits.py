"""What a script may use, per payload and to be read: by the engine's own measure, and by the kernel's behind it."""

CALL_S = 0.1
"""Processor time of a payload; The Things Stack and ChirpStack allow as much."""
LEASH_S = CALL_S / 20
"""The same for a script that has used up its account: a hundred times what a payload of an ordinary script costs."""
BEYOND_S = 1.5 * CALL_S
"""What a payload may take besides: once more in a new world, and the mapping; then the kernel ends the worker."""
READING_S = 1.0
"""To read a script, and to run its top level once."""
LOAD_S = 2 * READING_S
"""When the kernel ends the worker over a script that is read."""
CALL_BYTES = 16 * 2**20
"""Memory of a payload, beside the script's own; it has 242 bytes at most."""
SCRIPT_BYTES = 64 * 2**20
"""Memory of a script, its tables and all that is built in."""
STACK_BYTES = 512 * 2**10
"""A sixteenth of the thread's own stack; some thousand calls deep."""
