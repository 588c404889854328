"""JavaScript codecs of device vendors (LoRa Alliance TS013), in a worker process."""
