"""The verbs of files, by noun."""
