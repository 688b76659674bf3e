"""The writes: an act in one statement, and very many rows."""
