"""Shapes of the administration's pages."""
