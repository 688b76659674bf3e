"""Vietnamese search over what systems contribute."""
