"""Điều hành."""
