"""The wires: settings, addresses, the entry, the supervisor. Decides nothing."""
