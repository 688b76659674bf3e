"""Plain Python that everything stands on: one noun a module, no Django."""
