"""Drafts: begun, saved page by page, carried over to a newer form, ended.

A draft is its owner's own note and no record yet: its verbs write no audit line. Row-level security
closes it to everybody else, the system's expiry apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from sen.base.actor import SYSTEM, Actor
from sen.base.clock import day
from sen.base.errors import Conflict, Invalid, NotFound, SignInNeeded, VersionConflict
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.files import public as files
from sen.kernel.forms.choices import QuestionType
from sen.kernel.forms.data import Change, Draft, DraftSaved, DraftStart, Finding, Form, Prefill
from sen.kernel.forms.models import SavedDraft
from sen.kernel.forms.queries.drafts import found_to, opened, owner, prefilled_to
from sen.kernel.forms.queries.filling import carry_over, facts, worded
from sen.kernel.forms.queries.sealing import draft_key, new_draft_key, seal_draft
from sen.kernel.forms.queries.versions import form as form_of
from sen.kernel.forms.rules.cleaning import clean_page
from sen.kernel.forms.rules.journey import following, walk

OWNER_KIND = "forms.draft"
MOST_DRAFTS = 20
DAYS_KEPT = 30
_MOST_PAPERS = 100

_START = """
INSERT INTO forms_saveddraft (id, owner, person, kind, subject, "case", form_version_id, slot,
    content, record_key, papers, files, page, version, created_at, updated_at, expires_at)
SELECT %(id)s, %(owner)s, %(person)s, %(kind)s, %(subject)s, %(case)s, %(form_version)s, slot,
    %(content)s, %(record_key)s, '{}', '{}', %(page)s, 1, %(at)s, %(at)s, %(expires_at)s
FROM generate_series(1, %(most)s) AS slot
WHERE NOT EXISTS (
    SELECT FROM forms_saveddraft d WHERE d.owner = %(owner)s AND d.slot = slot.slot)
ORDER BY slot LIMIT 1
ON CONFLICT DO NOTHING
"""


class TooManyDrafts(Conflict):
    """The owner has twenty drafts already."""

    code: ClassVar[str] = "too_many_drafts"
    default: ClassVar[str] = (
        "Bạn đã có 20 hồ sơ nháp. Vui lòng nộp hoặc xóa bớt hồ sơ nháp cũ rồi làm hồ sơ mới."
    )


class DraftChanged(VersionConflict):
    """Another window saved the draft since this page was opened.

    draft: as it is now, with its version; what was typed here is not saved and still on the page.
    """

    code: ClassVar[str] = "draft_changed"
    default: ClassVar[str] = (
        "Hồ sơ nháp này vừa được lưu ở một cửa sổ hoặc thiết bị khác. "
        "Vui lòng xem nội dung đã lưu bên cạnh rồi chọn nội dung cần giữ."
    )

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            who=_("Bạn, ở cửa sổ khác"), what=_("lưu hồ sơ nháp"), when=draft.updated_at
        )
        self.draft = draft


@transaction.atomic
def start_draft(actor: Actor, *, start: DraftStart, at: dt.datetime) -> Draft:
    """Begin a draft; it is kept thirty days after the last save. One statement, two with `enter`.

    Raises SignInNeeded for a visitor, TooManyDrafts beyond twenty, NotFound for an unknown form.
    """
    account = owner(actor)
    if actor.person is None:
        raise SignInNeeded
    form = form_of(start.form_version)
    access.enter(actor)
    draft_id = new_id()
    key, wrapped = new_draft_key(draft_id)
    content = _content(dict(start.answers), {}, start.prefilled or Prefill(), {})
    values = {
        "id": draft_id, "owner": account, "person": actor.person, "kind": start.kind,
        "subject": start.subject, "case": start.case, "form_version": start.form_version,
        "content": seal_draft(key, draft_id, content), "record_key": wrapped,
        "page": form.page_keys[0], "at": at, "expires_at": _expiry(at), "most": MOST_DRAFTS,
    }  # fmt: skip
    _insert(values)
    return Draft(
        id=draft_id, owner=account, kind=start.kind, subject=start.subject, case=start.case,
        form_version=start.form_version, answers=dict(start.answers), typed={},
        prefilled=start.prefilled or Prefill(), papers={}, files=(), page=form.page_keys[0],
        version=1, created_at=at, updated_at=at, expires_at=_expiry(at),
    )  # fmt: skip


def _insert(values: Mapping[str, Any]) -> None:
    """Put the row into a free slot. Another process may take the same one: then look again."""
    for _try in range(MOST_DRAFTS):
        with connection.cursor() as cursor:
            cursor.execute(_START, values)
            if cursor.rowcount:
                return
        if SavedDraft.objects.filter(owner=values["owner"]).count() >= MOST_DRAFTS:
            break
    raise TooManyDrafts


@transaction.atomic
def keep_found(
    actor: Actor, *, draft: UUID, version: int, found: Mapping[str, Finding], at: dt.datetime
) -> Draft:
    """Keep with a draft what all its gathered sources told by now.

    What one told that is not among them any more, since it was about somebody else, leaves the
    answers that it filled in; what was left empty can be filled in. Two statements,
    three with `enter`. Raises as `save_page`.
    """
    row, held = _lock(actor, draft, version)
    gone = {key for key, one in held.found.items() if found.get(key) != one}
    stale = {key: one.value for key, one in held.prefilled.items() if one.source in gone}
    prefilled = Prefill()
    prefilled.update({key: one for key, one in held.prefilled.items() if key not in stale})
    answers = {
        key: value for key, value in held.answers.items() if key not in stale or value != stale[key]
    }
    typed = {key: said for key, said in held.typed.items() if any(map(str.strip, said.values()))}
    kept = replace(held, found=found, prefilled=prefilled, answers=answers, typed=typed)
    _write(actor, row, form_of(held.form_version), kept, at)
    return opened(row)


@transaction.atomic
def save_page(
    actor: Actor,
    *,
    draft: UUID,
    page: str,
    raw: Mapping[str, Any],
    version: int,
    at: dt.datetime,
    prefill: Prefill | None = None,
) -> DraftSaved:
    """Save one page of a draft; saved it is in any case. Two statements, three with `enter`.

    raw: what the page's inputs sent. Answers that do not hold are kept as typed and told in
    `errors`; answers of questions that are not asked stay as they were.
    prefill: what sources know by now; it is kept with the draft, and locked answers come from it.
    Files of the answers are given to the draft.
    Raises DraftChanged when another window saved first, NotFound for a draft that is gone or
    somebody else's, or an unknown page.
    """
    row, held = _lock(actor, draft, version)
    form = form_of(held.form_version)
    on = day(at)
    known = Prefill()
    known.update({**held.prefilled, **(prefill or {})})
    cleaned = clean_page(form, page, raw, answers=held.answers, facts=facts(on=on), prefilled=known)
    answers, typed = dict(held.answers), dict(held.typed)
    way = walk(form, {**answers, **cleaned.values}, on)
    for question in form.page(page).questions:  # type: ignore[union-attr]  # clean_page raised for an unknown page
        if question.key in way.shown:
            answers.pop(question.key, None)
            typed.pop(question.key, None)
    answers |= cleaned.values
    typed |= cleaned.typed
    way = walk(form, answers, on)
    next_page = following(form, way, page)
    row.page = page if cleaned.wrongs else next_page or page
    saved = replace(held, answers=answers, typed=typed, prefilled=known)
    _write(actor, row, form, saved, at)
    return DraftSaved(row.version, worded(form, cleaned), next_page)


@transaction.atomic
def save_papers(
    actor: Actor,
    *,
    draft: UUID,
    papers: Mapping[str, Sequence[Mapping[str, Any]]],
    version: int,
    at: dt.datetime,
) -> DraftSaved:
    """Save the papers of a draft: by paper code, what is there, each with its `file`.

    Replaces the papers saved before; their files are given to the draft. Raises as `save_page`, and
    Invalid for more than a hundred papers.
    """
    row, held = _lock(actor, draft, version)
    if sum(len(items) for items in papers.values()) > _MOST_PAPERS:
        raise Invalid(_("Mỗi hồ sơ nháp chỉ giữ nhiều nhất 100 giấy tờ."))
    kept = {code: [dict(item) for item in items] for code, items in papers.items() if items}
    _write(actor, row, form_of(held.form_version), replace(held, papers=kept), at)
    return DraftSaved(row.version, {}, None)


@transaction.atomic
def upgrade_draft(
    actor: Actor, *, draft: UUID, form_version: UUID, version: int, at: dt.datetime
) -> tuple[Draft, tuple[Change, ...]]:
    """Carry a draft over to another version of its form; return it with what changed.

    Equal answers stay; the others are named with why. Nothing changes for the same version.
    Raises as `save_page`; Conflict for a version of another form.
    """
    row, held = _lock(actor, draft, version)
    if held.form_version == form_version:
        return held, ()
    old, new = form_of(held.form_version), form_of(form_version)
    if old.code != new.code:
        raise Conflict(_("Hai phiên bản không thuộc cùng một biểu mẫu."))
    answers, changes = carry_over(old, new, held.answers, on=day(at))
    row.form_version_id = form_version
    row.page = held.page if held.page in new.page_keys else new.page_keys[0]
    prefilled = Prefill()
    prefilled.update({key: item for key, item in held.prefilled.items() if key in new.questions})
    carried = replace(
        held, form_version=form_version, answers=answers, typed={}, prefilled=prefilled
    )
    _write(actor, row, new, carried, at)
    return opened(row), changes


@transaction.atomic
def delete_draft(actor: Actor, *, draft: UUID, at: dt.datetime) -> None:
    """Delete a draft of the actor; its files go after a day. Raises NotFound."""
    access.enter(actor)
    row = _own(actor, draft).select_for_update().first()
    if row is None:
        raise NotFound(_("Hồ sơ nháp không còn hoặc đã hết hạn lưu."))
    _release(actor, row.id, row.files, at)
    _own(actor, draft).delete()


def lock_draft(draft: UUID) -> None:
    """Wait until nobody else is filing this draft, and hold it; silent if it is gone.

    Inside a transaction of an actor who has entered. One statement.
    """
    list(SavedDraft.objects.select_for_update().filter(pk=draft).values_list("pk"))


@transaction.atomic
def finish_draft(actor: Actor, *, draft: UUID) -> None:
    """Delete a draft that has become a record, in the transaction that made the record.

    Files move to the record with `files.link(…, moved_from=("forms.draft", draft))` before this.
    Files that did not move are set free as of the last save. Silent if the draft is gone.
    One statement, two with `enter`, one more for files.
    """
    access.enter(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM forms_saveddraft WHERE id = %s AND owner = %s RETURNING files, updated_at",
            [draft, actor.account],
        )
        gone = cursor.fetchone()
    if gone is not None:
        _release(actor, draft, gone[0], gone[1])


@transaction.atomic
def count_expired(*, at: dt.datetime) -> int:
    """Return how many drafts `expire_drafts` would delete, for the system."""
    access.enter(SYSTEM)
    return SavedDraft.objects.filter(expires_at__lte=at).count()


def expire_all(*, at: dt.datetime) -> int:
    """Delete every draft whose time is over, in batches; return how many."""
    deleted = 0
    while batch := expire_drafts(at=at):
        deleted += batch
    return deleted


@transaction.atomic
def expire_drafts(*, at: dt.datetime, limit: int = 1000) -> int:
    """Delete the drafts whose time is over, for the system; return how many."""
    access.enter(SYSTEM)
    rows = list(
        SavedDraft.objects.select_for_update(skip_locked=True)
        .filter(expires_at__lte=at)
        .order_by("expires_at", "id")[:limit]
    )
    for row in rows:
        _release(SYSTEM, row.id, row.files, at)
    SavedDraft.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _own(actor: Actor, draft: UUID) -> Any:
    return SavedDraft.objects.filter(pk=draft, owner=owner(actor))


def _lock(actor: Actor, draft: UUID, version: int) -> tuple[SavedDraft, Draft]:
    """Hold the draft of the actor, as long as it is the version that was read."""
    access.enter(actor)
    row = _own(actor, draft).select_for_update().first()
    if row is None:
        raise NotFound(_("Hồ sơ nháp không còn hoặc đã hết hạn lưu."))
    held = opened(row)
    if row.version != version:
        raise DraftChanged(held)
    return row, held


def _write(actor: Actor, row: SavedDraft, form: Form, draft: Draft, at: dt.datetime) -> None:
    key = draft_key(row.id, row.record_key)
    content = _content(draft.answers, draft.typed, draft.prefilled, draft.found)
    row.content = seal_draft(key, row.id, content)
    row.papers = draft.papers
    wanted = _files(form, draft)
    new = [one for one in wanted if one not in row.files]
    gone = [one for one in row.files if one not in wanted]
    if new:
        files.link(actor, new, OWNER_KIND, row.id, at)
    _release(actor, row.id, gone, at)
    row.files = wanted
    row.version += 1
    row.updated_at, row.expires_at = at, _expiry(at)
    row.save(
        update_fields=[
            "form_version", "content", "papers", "files", "page", "version", "updated_at",
            "expires_at",
        ]
    )  # fmt: skip


def _files(form: Form, draft: Draft) -> list[UUID]:
    found = [
        item
        for key, question in form.questions.items()
        if question.type == QuestionType.FILE
        for item in draft.answers.get(key, ())
    ]
    found += [item["file"] for items in draft.papers.values() for item in items if item.get("file")]
    return [UUID(str(one)) for one in dict.fromkeys(map(str, found))]


def _release(actor: Actor, draft: UUID, ids: Sequence[UUID], at: dt.datetime) -> None:
    if ids:
        files.unlink(actor, ids, OWNER_KIND, draft, at)


def _content(
    answers: Mapping[str, Any],
    typed: Mapping[str, Any],
    prefilled: Prefill,
    found: Mapping[str, Finding],
) -> dict[str, Any]:
    return {
        "answers": answers,
        "typed": typed,
        "prefilled": prefilled_to(prefilled),
        "found": found_to(found),
    }


def _expiry(at: dt.datetime) -> dt.datetime:
    return at + dt.timedelta(days=DAYS_KEPT)
