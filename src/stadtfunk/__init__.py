"""stadtfunk: the open LoRaWAN data platform of a city."""
