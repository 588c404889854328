"""Which parts a process is made of, and which adapter stands behind each port: construction only, no I/O.

Each platform has its module, so that the embedded one loads no client of Kafka or Cassandra.
"""
