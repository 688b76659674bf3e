"""Every result of a procedure as data that the next one reuses."""
