"""The workshop of whoever runs Sen."""
