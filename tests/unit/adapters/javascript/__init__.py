"""The JavaScript adapter, tried with scripts of our own writing."""
