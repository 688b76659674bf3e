"""Sign-in, profile, sessions of people."""
