"""Values of the search: who contributes what, and what was found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSource:
    """A kind of record that can be found: a slot of the manifest.

    kind: "public_services.dossier". url_name: the page of one record, by its code. permission: the
    right that opens a record to the units it is indexed for; None: any right there.
    """

    kind: str
    title: StrOrPromise
    url_name: str
    permission: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record that was found. cursor: where the next page begins, after this one."""

    kind: str
    record: UUID
    code: str
    title: str
    url_name: str
    at: dt.datetime
    cursor: str
