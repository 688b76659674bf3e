"""A year of invented dossiers for a demonstration, laid down at once as the verbs would have."""
