"""A dossier that another system settles, with its passage, in one statement; in an entered act."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from sen.base.errors import NotFound
from sen.kernel.database.public import Joined, Nested
from sen.kernel.files import public as files
from sen.systems.public_services.models import Dossier, DossierPaper, Passage
from sen.systems.public_services.queries import catalogue, records

_HELD = Joined(Dossier, Passage)
_PAPERS = Nested(
    DossierPaper,
    files.File,
    rows="public_services_dossierpaper"
    " LEFT JOIN files_file ON files_file.id = public_services_dossierpaper.file_id"
    " WHERE public_services_dossierpaper.dossier_id = public_services_dossier.id",
    order="public_services_dossierpaper.added_at, public_services_dossierpaper.id",
)
_FROM = """
    FROM public_services_dossier
    JOIN public_services_passage
        ON public_services_passage.dossier_id = public_services_dossier.id
    WHERE public_services_dossier.id = %s"""


def to_send(record: UUID) -> tuple[Dossier, Passage, list[DossierPaper]]:
    """Return a dossier with its case, its passage, and its papers with their files.

    Nothing is locked: what comes of it is written under `locked`. Raises NotFound.
    """
    dossier: Dossier
    for dossier, passage, papers in _HELD.rows(_sent_sql(), [record]):
        dossier.case = catalogue.case(dossier.case_id)
        return dossier, passage, [_with_file(paper, file) for paper, file in _PAPERS.read(papers)]
    raise NotFound


def locked(record: UUID) -> tuple[Dossier, Passage]:
    """Lock a dossier and its passage; case and parties' persons come along. Raises NotFound."""
    dossier: Dossier
    for dossier, passage, persons in _HELD.rows(_lock_sql(), [record]):
        dossier.case, dossier.party_persons = catalogue.case(dossier.case_id), persons
        passage.dossier = dossier
        return dossier, passage
    raise NotFound


@cache
def _sent_sql() -> str:
    return f"SELECT {_HELD.columns}, {_PAPERS.column} {_FROM}"


@cache
def _lock_sql() -> str:
    return f"""
        SELECT {_HELD.columns}, {records.PERSONS_SQL} {_FROM}
        FOR UPDATE OF public_services_dossier, public_services_passage"""


def _with_file(paper: DossierPaper, file: files.File | None) -> DossierPaper:
    paper.file = file
    return paper
