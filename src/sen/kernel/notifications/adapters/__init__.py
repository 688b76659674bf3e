"""The ways out: each takes an Outgoing, or raises Refused (never again) or OSError (later)."""

from __future__ import annotations


class Refused(Exception):
    """The other side will not take this message, however often it is tried."""
