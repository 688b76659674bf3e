"""The verbs of signing."""
