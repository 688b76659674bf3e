"""Dossiers by the hundred thousand: a few thousand lives played, each then written many times."""
