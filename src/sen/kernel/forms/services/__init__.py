"""The verbs of the forms, by what they change."""
