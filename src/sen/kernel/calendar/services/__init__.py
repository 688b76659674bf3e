"""The verbs of the calendar, by what they change."""
