"""Papers of invented dossiers: samples that say what they are, each under its own name."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sen.base import clock
from sen.kernel.files import public as files
from sen.kernel.papers import public as papers
from sen.systems.public_services.services.dossiers import KIND

PDF = "application/pdf"
PREFIX = "minh-hoa"
"""What the name of such a file begins with."""


class Papers:
    """Gives each paper of an invented dossier a file, whose bytes say that they are a sample.

    Typesetting and signing a year's papers would take a quarter of an hour; what these would say
    stands in the records, and no file claims a signature that nobody made.
    """

    def __init__(self, at: dt.datetime) -> None:
        """Typeset the samples: of what is handed in, of drafts, of what offices issue."""
        self._samples = {
            kind: files.Sample(
                papers.render(
                    "public_services.sample", {"kind": kind}, on=clock.day(at), fields=with_fields
                ).pdf,
                PDF,
            )
            for kind, with_fields in (("handed_in", False), ("draft", True), ("issued", False))
        }

    def handed_in(
        self, id_: UUID, code: str, dossier: UUID, made_by: UUID | None, at: dt.datetime
    ) -> files.File:
        """Return the row of a paper that somebody handed in. code: of the paper's rule."""
        return self._file("handed_in", id_, f"{code}.pdf", dossier, made_by, at)

    def drafted(
        self, id_: UUID, name: str, dossier: UUID, made_by: UUID | None, at: dt.datetime
    ) -> files.File:
        """Return the row of a draft, on which there is room for signature, number and seal."""
        return self._file("draft", id_, name, dossier, made_by, at)

    def issued(
        self,
        id_: UUID,
        name: str,
        dossier: UUID,
        made_by: UUID | None,
        at: dt.datetime,
        mark: str = "",
    ) -> files.File:
        """Return the row of a paper of ours. mark: of a result, which is known by its bytes."""
        return self._file("issued", id_, name, dossier, made_by, at, mark)

    def _file(
        self,
        kind: str,
        id_: UUID,
        name: str,
        dossier: UUID,
        made_by: UUID | None,
        at: dt.datetime,
        mark: str = "",
    ) -> files.File:
        return self._samples[kind].file(
            id_=id_,
            name=f"{PREFIX}-{name}",
            owner_kind=KIND,
            owner=dossier,
            made_by=made_by,
            at=at,
            mark=mark,
        )
