"""The storage on disk, and the process that looks into files."""
