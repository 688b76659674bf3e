"""Copies of a whole installation: made, read back, restored, tried; and what an upgrade needs."""
