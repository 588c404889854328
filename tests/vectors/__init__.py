"""Test vectors: bytes from public sources, each source named, and what they mean in this project's own words."""
