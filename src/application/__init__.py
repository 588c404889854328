"""The use cases of stadtfunk and the ports they need."""
