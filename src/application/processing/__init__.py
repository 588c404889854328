"""Processing: from raw uplinks to accounted frames, readings and device states."""
