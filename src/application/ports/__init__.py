"""What the application needs from outside: one role a file."""
