"""The door of the law's registry: values on a day, editions, what is remembered under them."""

from __future__ import annotations

from sen.kernel.legal.choices import Status
from sen.kernel.legal.data import Correction, EditionName, Editions, Span, ValueUse
from sen.kernel.legal.models import LegalValue
from sen.kernel.legal.queries import (
    begin_request,
    cached,
    editions,
    end_request,
    is_verified,
    keep_editions,
    keep_ready,
    used,
    value,
    values,
)
from sen.kernel.legal.registry import forget, register_uses
from sen.kernel.legal.services import AlreadyUsed, bump, correct_value, set_value

__all__ = [
    "AlreadyUsed", "Correction", "EditionName", "Editions", "LegalValue", "Span", "Status",
    "ValueUse", "begin_request", "bump", "cached", "correct_value", "editions", "end_request",
    "forget", "is_verified", "keep_editions", "keep_ready", "register_uses", "set_value", "used",
    "value", "values",
]  # fmt: skip
