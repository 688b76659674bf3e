"""Stand-in for the central system that settles registrations of residence."""
