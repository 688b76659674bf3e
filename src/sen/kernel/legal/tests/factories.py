"""Legal values for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory

from sen.kernel.legal.models import LegalValue


class LegalValueFactory(factory.django.DjangoModelFactory):
    """A value that holds from the start of 2026."""

    class Meta:
        model = LegalValue

    key = "tests.fee"
    value: Any = 8000
    valid_from = dt.date(2026, 1, 1)
    valid_to: Any = None
    source = "Nghị quyết 1/2026/NQ-HĐND, Điều 2"
    status = "published"
