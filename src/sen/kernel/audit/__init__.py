"""Who did what to which record, sealed into a chain."""
