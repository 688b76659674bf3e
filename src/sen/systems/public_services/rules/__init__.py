"""The law of the public services, pure: a dossier's life, lists that are brought in."""
