"""Files: taken in, checked, kept, handed out to whoever may."""
