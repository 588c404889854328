"""The architecture as failing tests."""
