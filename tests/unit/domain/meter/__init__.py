"""Metering points, meters, registers and consumption."""
