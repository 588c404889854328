"""What the JSON of all network servers has in common: bounded fields, and mistakes named so that they can be mended."""
