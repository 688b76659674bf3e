"""What every government system needs, lowest first; see docs/architecture.md."""
