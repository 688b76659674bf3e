"""The verbs of access, by noun."""
