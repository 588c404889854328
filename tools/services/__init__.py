"""Real servers on this machine for tests, benchmarks and ``make services``.

``address.py`` says where each server comes from: an address in the environment, Docker, or a start of our own
by ``kafka.py``, ``cassandra.py`` and ``mosquitto.py``, which all fill in one ``Server`` (``server.py``).
"""
