"""Tables as people keep them: CSV files (RFC 4180, and what offices make of it) of master data and of readings."""
