"""One package per technology; none knows another."""
