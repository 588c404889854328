"""Cassandra: the distributed store of observations, device states and the device registry."""
