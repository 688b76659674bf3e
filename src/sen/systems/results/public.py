"""The door of the results store: keep a result, offer what somebody holds, verify."""

from __future__ import annotations

from sen.systems.results.data import KeptResult, NewResult, Verification
from sen.systems.results.queries import facts, kept_of, of_persons, result, results
from sen.systems.results.services import keep_result, past_result, verify_key, verify_upload

__all__ = [
    "KeptResult",
    "NewResult",
    "Verification",
    "facts",
    "keep_result",
    "kept_of",
    "of_persons",
    "past_result",
    "result",
    "results",
    "verify_key",
    "verify_upload",
]
