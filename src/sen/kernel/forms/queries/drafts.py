"""Drafts, for their owner alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import NotFound, SignInNeeded
from sen.kernel.access import public as access
from sen.kernel.forms.choices import FindingOutcome
from sen.kernel.forms.data import Draft, DraftLine, Finding, Prefill, Prefilled
from sen.kernel.forms.models import SavedDraft
from sen.kernel.forms.queries.filling import with_present_names
from sen.kernel.forms.queries.sealing import draft_key, open_draft


def draft(actor: Actor, draft_id: UUID) -> Draft:
    """Return a draft of the actor with its content. One SELECT, more while an area is not known.

    An area that was renamed since it was chosen bears its present name.
    Raises NotFound for a draft of anybody else, or one that is gone.
    """
    with access.acting(actor):
        row = SavedDraft.objects.filter(pk=draft_id, owner=owner(actor)).first()
    if row is None:
        raise NotFound(_("Hồ sơ nháp không còn hoặc đã hết hạn lưu."))
    held = opened(row)
    return replace(held, answers=with_present_names(held.answers))


def drafts(actor: Actor, *, kind: str | None = None) -> list[DraftLine]:
    """Return the drafts of the actor without their content, the last changed first. One SELECT."""
    with access.acting(actor):
        rows = SavedDraft.objects.filter(owner=owner(actor)).order_by("-updated_at", "-id")
        if kind is not None:
            rows = rows.filter(kind=kind)
        names = (
            "id", "kind", "subject", "case", "form_version_id", "page", "version",
            "created_at", "updated_at", "expires_at",
        )  # fmt: skip
        return [DraftLine(*row) for row in rows.values_list(*names)]


def draft_owners(*, kind: str, subject: str) -> list[UUID]:
    """Return the accounts that have drafts on a subject, for what the system has to tell them.

    Who they are, and nothing of what they wrote. Two statements.
    """
    with access.acting(SYSTEM):
        rows = SavedDraft.objects.filter(kind=kind, subject=subject)
        return list(rows.order_by("owner").values_list("owner", flat=True).distinct())


def may_read_file(actor: Actor, draft_id: UUID, _file: UUID) -> bool:
    """Tell whether the actor may read a file of a draft: the owner alone."""
    with access.acting(actor):
        return SavedDraft.objects.filter(pk=draft_id, owner=owner(actor)).exists()


def owner(actor: Actor) -> UUID:
    """Return the account whose drafts the actor has. Raises SignInNeeded for a visitor."""
    if actor.account is None:
        raise SignInNeeded
    return actor.account


def opened(row: SavedDraft) -> Draft:
    """Return a row of a draft with its content opened."""
    content = open_draft(draft_key(row.id, row.record_key), row.id, row.content)
    return Draft(
        id=row.id,
        owner=row.owner,
        kind=row.kind,
        subject=row.subject,
        case=row.case,
        form_version=row.form_version_id,
        answers=content["answers"],
        typed=content["typed"],
        prefilled=prefilled_from(content["prefilled"]),
        papers=row.papers,
        files=tuple(row.files),
        page=row.page,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        expires_at=row.expires_at,
        found={
            key: Finding(FindingOutcome(outcome), dt.datetime.fromisoformat(at), values, *about)
            for key, (outcome, at, values, *about) in content.get("found", {}).items()
        },
    )


def found_to(found: Mapping[str, Finding]) -> dict[str, list[object]]:
    """Return what was gathered as JSON keeps it."""
    return {
        key: [str(one.outcome), one.at.isoformat(), dict(one.values), one.about]
        for key, one in found.items()
    }


def prefilled_to(found: dict[str, Prefilled]) -> dict[str, list[object]]:
    """Return prefilled values as JSON keeps them."""
    return {
        key: [item.value, item.source, item.title, item.at.isoformat(), item.is_locked]
        for key, item in found.items()
    }


def prefilled_from(kept: dict[str, list[object]]) -> Prefill:
    """Return prefilled values from their JSON form."""
    found = Prefill()
    for key, (value, source, title, at, is_locked) in kept.items():
        moment = dt.datetime.fromisoformat(str(at))
        found[key] = Prefilled(value, str(source), str(title), moment, is_locked=bool(is_locked))
    return found
