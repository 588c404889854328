"""How the city's devices write what they have to say; written from their descriptions, not from our decoders."""
