"""The reads of this system, by noun; nothing here writes."""
