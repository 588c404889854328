"""Tests of the events of ChirpStack."""
