"""Kafka: the log between the roles of the distributed platform.

Only batches (``create_batch``/``send_batch``, ``getmany``), acks=all, and a deadline of our own around every wait.
"""
