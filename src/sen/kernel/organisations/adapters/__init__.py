"""How files of others are read."""
