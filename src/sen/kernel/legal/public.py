"""The door of the law's registry: values on a day, editions, what is remembered under them."""

from __future__ import annotations

from sen.kernel.legal.choices import Status
from sen.kernel.legal.data import EditionName, Editions
from sen.kernel.legal.models import LegalValue
from sen.kernel.legal.queries import (
    begin_request,
    cached,
    editions,
    end_request,
    keep_editions,
    value,
    values,
)
from sen.kernel.legal.registry import forget
from sen.kernel.legal.services import bump, set_value

__all__ = [
    "EditionName", "Editions", "LegalValue", "Status", "begin_request", "bump", "cached",
    "editions", "end_request", "forget", "keep_editions", "set_value", "value", "values",
]  # fmt: skip
