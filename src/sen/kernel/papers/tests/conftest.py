"""A paper that only tests know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from sen.kernel.legal import public as legal
from sen.kernel.papers import registry
from sen.kernel.papers.public import PaperTemplate, register_templates

LETTER = PaperTemplate(
    code="papers.letter",
    title="Thư thử",
    source="kernel/papers/tests/letter.typ",
    valid_from=dt.date(2026, 1, 1),
)


@pytest.fixture(autouse=True)
def letter() -> Iterator[PaperTemplate]:
    """Register the letter for the time of a test."""
    before = dict(registry._templates)
    register_templates(LETTER)
    yield LETTER
    registry._templates.clear()
    registry._templates.update(before)


@pytest.fixture(autouse=True)
def fresh_law() -> None:
    """Forget what the process remembers of the law: tests roll back."""
    legal.forget()


@pytest.fixture
def data() -> dict[str, Any]:
    """What the letter says."""
    return {
        "agency": "Ủy ban nhân dân phường Trường Vinh",
        "place": "Trường Vinh",
        "issued_on": dt.date(2026, 11, 21),
        "notation": "TB-UBND",
        "subject": "Về việc thử nghiệm",
        "text": "Nội dung.",
        "signer_title": "Chủ tịch",
        "signer_name": "Nguyễn Văn An",
    }
