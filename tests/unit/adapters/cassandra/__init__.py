"""What of the Cassandra adapters needs no Cassandra."""
