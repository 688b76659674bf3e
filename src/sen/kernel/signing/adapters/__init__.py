"""What signing speaks with: PDF, CMS, X.509, keys on disk, drawn stamps."""
