"""Reads of the forms, by what they read."""
