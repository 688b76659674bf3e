"""Shapes of the board's pages."""
