"""MQTT 3.1.1: uplinks from a broker, and simulated ones to it."""
