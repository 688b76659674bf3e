"""The papers of a filing: those asked for, those handed in, kept results that stand for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.base.vietnamese import nfc
from sen.kernel.database import public as database
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.systems.public_services.choices import PaperSource
from sen.systems.public_services.data import Filing, PaperInput, PaperRule
from sen.systems.public_services.models import Dossier, DossierPaper
from sen.systems.public_services.queries import drafts
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services.dossiers import KIND
from sen.systems.public_services.services.filing.parties import holder_of
from sen.systems.results import public as results


def problems_of(asked: Sequence[PaperRule], filing: Filing) -> dict[str, list[str]]:
    """Return what is wrong with the papers of a filing, by paper: missing, or not asked for."""
    problems = {
        f"papers.{rule.code}": [_missing(rule, filing)]
        for rule in rules.missing_papers(asked, filing.papers)
    }
    known = {rule.code for rule in asked}
    for paper in filing.papers:
        if paper.code not in known:
            problems[f"papers.{paper.code}"] = [_("Hồ sơ này không yêu cầu giấy tờ đó.")]
    return problems


def _missing(rule: PaperRule, filing: Filing) -> str:
    """Return that a paper is needed, and why where its registry did not tell."""
    needed = _("Cần có: %(paper)s.") % {"paper": rule.title["vi"]}
    why = drafts.why_asked(rule, filing.looked_up.get(rules.registry(rule)))
    return f"{needed} {why}".strip()


def problems_of_results(
    actor: Actor, asked: Sequence[PaperRule], filing: Filing, at: dt.datetime
) -> dict[str, list[str]]:
    """Return what is wrong with kept results that stand for papers.

    One stands for a paper if the paper's rule names its kind, it is in force, and it belongs to a
    party of the filing.
    """
    kinds = {rule.code: rules.result_type(rule) for rule in asked}
    wanted = [paper for paper in filing.papers if paper.result]
    if not wanted:
        return {}
    holders = [holder_of(actor, party) for party in filing.parties]
    persons = [person for person in holders if person is not None]
    found = results.of_persons(actor, persons=persons, on=clock.day(at))
    held = {(one.key, one.result_type) for one in found}
    return {
        f"papers.{paper.code}": [_("Kết quả này không dùng thay cho giấy tờ đó được.")]
        for paper in wanted
        if (paper.result, kinds.get(paper.code)) not in held
    }


def tie_files(
    actor: Actor,
    dossier: Dossier,
    given: Sequence[PaperInput],
    asked: Mapping[str, PaperRule],
    at: dt.datetime,
) -> None:
    """Give the files of the papers handed in to the dossier; a step of a larger verb.

    Raises NotFound or Conflict where a file is another's or already serves another record, Invalid
    for a kind of file that the paper does not take, and for what only a counter can say of a paper.
    """
    _refuse_sources(actor, given)
    linked = files.link(
        actor,
        [file for paper in given for file in paper.files],
        KIND,
        dossier.id,
        at,
        moved_from=(forms.DRAFT_FILES, dossier.draft) if dossier.draft else None,
    )
    _refuse_types(given, asked, {file.id: file.media_type for file in linked})


def add_papers(
    dossier: Dossier,
    given: Sequence[PaperInput],
    asked: Mapping[str, PaperRule],
    *,
    at: dt.datetime,
    supplement: UUID | None = None,
) -> None:
    """Write the papers handed in, whose files the dossier has; a step of a larger verb."""
    database.insert(
        *(
            DossierPaper(
                dossier=dossier,
                code=paper.code,
                title=asked[paper.code].title,
                source=paper.source,
                file_id=file,
                result=paper.result,
                note=nfc(paper.note),
                originals=asked[paper.code].originals if paper.source == PaperSource.SHOWN else 0,
                copies=asked[paper.code].copies,
                supplement=supplement,
                added_at=at,
            )
            for paper in given
            for file in (paper.files or (None,))
        )
    )


_SENT = frozenset({PaperSource.UPLOAD, PaperSource.RESULT})
_AT_COUNTER = frozenset({PaperSource.SHOWN, PaperSource.SCAN})


def _refuse_sources(actor: Actor, given: Sequence[PaperInput]) -> None:
    """Raise Invalid, by paper, where somebody says that an official saw or scanned a paper."""
    known = _SENT | _AT_COUNTER if actor.is_official else _SENT
    problems = {
        f"papers.{paper.code}": [_("Giấy tờ xuất trình bản chính chỉ được ghi nhận tại quầy.")]
        for paper in given
        if paper.source not in known
    }
    if problems:
        raise Invalid(fields=problems)


def _refuse_types(
    given: Sequence[PaperInput], asked: Mapping[str, PaperRule], types: Mapping[UUID, str]
) -> None:
    """Raise Invalid, by paper, for files of a kind that the paper's rule does not name."""
    problems = {
        f"papers.{paper.code}": [_("Giấy tờ này chỉ nhận tệp PDF hoặc ảnh chụp.")]
        for paper in given
        if any(types[file] not in asked[paper.code].accepted for file in paper.files)
    }
    if problems:
        raise Invalid(fields=problems)
