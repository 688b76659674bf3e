"""Reads of the workflow: runs with their flows and history, and the lists of open tasks."""
