"""Events of ChirpStack v4, as its MQTT and Kafka integrations publish them in JSON."""
