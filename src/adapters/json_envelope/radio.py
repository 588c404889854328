"""How frames were sent, as all network servers have it in parts and we in one word."""

from functools import lru_cache


@lru_cache(maxsize=256)  # few pairs exist; formatting costs more than finding
def lora_data_rate(spreading_factor: int, bandwidth_hz: int) -> str:
    """Return a LoRa data rate as LoRaWAN names it: ``SF9BW125``."""
    return f"SF{spreading_factor}BW{bandwidth_hz / 1_000:g}"
