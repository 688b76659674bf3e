"""What the API takes and gives of drafts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from sen.kernel.forms import public as forms
from sen.systems.public_services.data import PaperInput, PaperStillAsked
from sen.systems.public_services.schemas.requests import PaperIn


class DraftIn(Schema):
    """Which procedure is to be filed, in which of its cases."""

    procedure: str = Field(examples=["1.001193"])
    case: str = Field(examples=["thong_thuong"])


class PageIn(Schema):
    """The answers of one page, on the version of the draft that was read."""

    version: int
    answers: dict[str, Any]


class PapersIn(Schema):
    """All papers of a draft, on the version of the draft that was read."""

    version: int
    papers: list[PaperIn] = Field(max_length=50)


class UpgradeIn(Schema):
    """The version of the draft that was read."""

    version: int


class SubmitIn(Schema):
    """Where a draft is filed. shown: the papers that were shown at the counter."""

    receiving_unit: str = Field(description="Mã trung tâm tiếp nhận", examples=["H41.9.11.1"])
    shown: list[str] = []


class KnownOut(Schema):
    """An answer that a database knows. is_locked: it is not to be changed by hand."""

    value: Any
    source: str
    at: dt.datetime
    is_locked: bool


class DraftLineOut(Schema):
    """A draft as a list shows it."""

    id: UUID
    subject: str
    case: str
    page: str
    updated_at: dt.datetime
    expires_at: dt.datetime


class PaperAskedOut(Schema):
    """A paper that a draft asks for as it stands. is_shown: shown at the counter, not handed in.

    why: where a registry was asked that could have made it unnecessary, why it did not.
    """

    code: str
    title: str
    is_required: bool
    is_shown: bool
    why: str


class DraftOut(Schema):
    """A draft with what was answered; `typed` is what did not hold, as it was typed.

    lookups: what came of asking the registries for it, by registry. papers_asked: the papers that
    the answers ask for so far; one whose facts a registry told is not among them.
    """

    id: UUID
    procedure: str
    case: str
    form_version: int
    pages: list[str]
    page: str
    answers: dict[str, Any]
    typed: dict[str, Any]
    known: dict[str, KnownOut]
    lookups: dict[str, str]
    papers: dict[str, list[dict[str, str]]]
    papers_asked: list[PaperAskedOut]
    version: int
    updated_at: dt.datetime
    expires_at: dt.datetime


class DraftSavedOut(Schema):
    """What saving did. errors: messages by question; next: the page that follows."""

    version: int
    errors: dict[str, list[str]]
    next: str | None


class ChangeOut(Schema):
    """A question that the newer form asks otherwise."""

    key: str
    label: str


class DraftUpgradedOut(DraftOut):
    """A draft carried over to a newer form, with what changed."""

    changes: list[ChangeOut]


def draft_out(
    held: forms.Draft, known: forms.Prefill, asked: Sequence[PaperStillAsked]
) -> DraftOut:
    """Return a draft with what is known for the page at hand."""
    return DraftOut(**_draft(held, known, asked))


def upgraded_out(
    held: forms.Draft, changes: Sequence[forms.Change], asked: Sequence[PaperStillAsked]
) -> DraftUpgradedOut:
    """Return a draft that was carried over."""
    return DraftUpgradedOut(
        **_draft(held, forms.Prefill(), asked),
        changes=[ChangeOut(key=change.key, label=change.label) for change in changes],
    )


def paper_inputs(given: Sequence[PaperIn]) -> list[PaperInput]:
    """Return papers as the verbs take them."""
    return [PaperInput(**{**paper.model_dump(), "files": tuple(paper.files)}) for paper in given]


def _draft(
    held: forms.Draft, known: forms.Prefill, asked: Sequence[PaperStillAsked]
) -> dict[str, Any]:
    form = forms.form(held.form_version)
    return {
        "id": held.id,
        "procedure": held.subject,
        "case": held.case,
        "form_version": form.version,
        "pages": list(forms.journey(form, held.answers)),
        "page": held.page,
        "answers": dict(held.answers),
        "typed": dict(held.typed),
        "known": {
            key: KnownOut(value=one.value, source=one.title, at=one.at, is_locked=one.is_locked)
            for key, one in {**held.prefilled, **known}.items()
        },
        "lookups": {key: one.outcome.value for key, one in held.found.items()},
        "papers": held.papers,
        "papers_asked": [PaperAskedOut(**asdict(one)) for one in asked],
        "version": held.version,
        "updated_at": held.updated_at,
        "expires_at": held.expires_at,
    }
