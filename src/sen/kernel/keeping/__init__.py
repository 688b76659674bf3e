"""How long records are kept, what was erased by rule, and when the last backup was made."""
