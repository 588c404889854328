"""What is remembered of a device, as bytes: in the changelog of Kafka, in SQLite, and while it is at work."""
