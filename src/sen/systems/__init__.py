"""One package a system: its own law, records and screens."""
