"""What of the Kafka adapters needs no broker."""
