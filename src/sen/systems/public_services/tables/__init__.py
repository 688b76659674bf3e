"""Shapes for pages: what the queries read, as the values that components draw."""
