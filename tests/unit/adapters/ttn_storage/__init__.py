"""The store of The Things Stack."""
