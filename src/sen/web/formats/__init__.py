"""Formats by language; the settings name this package."""
