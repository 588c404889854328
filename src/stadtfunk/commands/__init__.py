"""Commands that ask something and end: each adds its words to the command line."""
