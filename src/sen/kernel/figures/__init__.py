"""What can be counted, and how."""
