"""What a system contributes, and the check of it at start."""
