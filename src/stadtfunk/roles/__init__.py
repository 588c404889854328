"""What a process can be: one role a file; each starts its parts in order and stops them in reverse."""
