"""What forms mean: pure functions on definitions and answers."""
