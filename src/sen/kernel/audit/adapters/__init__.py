"""Outside partners of the audit trail."""
