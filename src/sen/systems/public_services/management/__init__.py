"""Commands of public services."""
