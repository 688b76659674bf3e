"""The reads of the board."""
