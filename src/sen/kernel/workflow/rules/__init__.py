"""Flows as values: reading and checking a document, moving in it, the clock, the cursor."""
