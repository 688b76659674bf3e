"""Messages to people, by the ways they chose."""
