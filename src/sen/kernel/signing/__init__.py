"""Requests for signatures, keys, and verification that never guesses."""
