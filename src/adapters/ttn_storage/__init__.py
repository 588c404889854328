"""The Storage Integration of The Things Stack: its HTTP interface, asked for messages that did not reach us."""
