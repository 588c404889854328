"""Tests against a real MQTT broker."""
