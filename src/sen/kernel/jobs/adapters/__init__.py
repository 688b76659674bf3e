"""The queue's own engine, procrastinate."""
