"""What the API takes and what it gives; never a model as it is."""
