"""Stand-ins for the registries that a province asks: population, civil status and seven others."""
