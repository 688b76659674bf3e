"""PostgreSQL through Django: the setting ENGINE names this package."""
