"""Rights that hang on positions, and participation in records."""
