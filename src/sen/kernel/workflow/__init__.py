"""Flows as data: tasks, branches, timers, the clock of a record."""
