"""Cassandra adapters against a real node."""
