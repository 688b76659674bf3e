"""Work done later: jobs that survive their worker."""
