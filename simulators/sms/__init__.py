"""A stand-in for a text message gateway."""
