"""The verbs of this system, by noun; whatever writes is here."""
