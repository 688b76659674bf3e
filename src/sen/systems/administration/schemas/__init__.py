"""What the API of the administration takes and gives."""
