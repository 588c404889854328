"""What is remembered of a device, as bytes."""
