"""Dossiers: filed, received, settled, handed over."""
