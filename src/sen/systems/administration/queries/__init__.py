"""The reads: vital signs, work in the background, people, law, trail."""
