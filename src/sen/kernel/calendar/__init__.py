"""Working time of each unit."""
