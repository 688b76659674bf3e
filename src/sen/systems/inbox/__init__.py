"""One list of everything that waits for me."""
