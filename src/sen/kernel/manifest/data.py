"""The manifest of a system, and the slots that no lower package reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sen.kernel.access.public import Permission, RoleTemplate
from sen.kernel.database.public import Invariant
from sen.kernel.events.public import Handler
from sen.kernel.figures.public import Figure
from sen.kernel.files.public import FileOwner
from sen.kernel.forms.public import PrefillSource
from sen.kernel.keeping.public import Retention
from sen.kernel.legal.public import ValueUse
from sen.kernel.manifest.choices import Audience, FiledBy
from sen.kernel.notifications.public import Template
from sen.kernel.papers.public import PaperTemplate
from sen.kernel.search.public import SearchSource, Trial
from sen.kernel.workflow.public import Act

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Say = Callable[[str], None]
"""Writes one line of progress for whoever watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """One entry of the menu.

    title: what people read. url_name: the named address, such as "inbox:tasks". permission: the
    right without which the entry is not shown, None for everybody of the audience. order: entries
    are sorted by it, across all systems. under: the named address of the page whose parts it is one
    of ("administration:overview"), shown among these; empty for the menu itself. is_start: an
    official who sees it begins here after signing in; the first by order does.
    """

    title: StrOrPromise
    url_name: str
    permission: str | None = None
    audience: Audience = Audience.ALL
    icon: str = ""
    order: int = 100
    under: str = ""
    is_start: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeChannel:
    """A way by which a system's records arrive: the portal, the counter, a kiosk, the post, an API.

    The verb that files takes registered channels only. code: stable, "public_services.counter".
    filed_by: the person concerned, or an official for them. proves: how the one who files is known,
    in words for people. permission: what an official needs to take in by it, None for a person.
    """

    code: str
    title: StrOrPromise
    filed_by: FiledBy
    proves: StrOrPromise
    permission: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A table that a system hands to the warehouse and, if it is public, to the open data portal.

    rows: gives the rows, plain values only, of whatever changed since the moment given as ISO 8601
    ("" for everything). columns: column to its meaning.
    """

    code: str
    title: StrOrPromise
    columns: Mapping[str, StrOrPromise]
    rows: Callable[[str], Sequence[Mapping[str, object]]]
    is_public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeService:
    """A service that a system offers to, or asks of, others through the exchange.

    direction: "offers" or "asks". answer: takes the message's body, returns the answer's; None for
    a service that is only asked for.
    """

    code: str
    title: StrOrPromise
    direction: str
    answer: Callable[[Mapping[str, object]], Mapping[str, object]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One line of the ledger of personal data: what is kept about whom, why, on what ground.

    data: the kinds of data. purpose: what they are needed for. ground: the law that allows it.
    Nguồn: Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15.
    """

    code: str
    people: StrOrPromise
    data: StrOrPromise
    purpose: StrOrPromise
    ground: StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a health check saw: well or not, and one sentence for the administrator."""

    is_well: bool
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """Something a system depends on, looked at by `system_check` and the administrator's page."""

    code: str
    title: StrOrPromise
    look: Callable[[], Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something a system measures of itself for those who watch over it, shown at `/metrics`.

    name: stable, English, with its unit: "jobs_oldest_seconds". says: what it is, in English, as
    programs' help is. read: gives pairs of labels and value; asked at most every ten seconds.
    """

    name: str
    says: str
    read: Callable[[], Sequence[tuple[Mapping[str, str], float]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that somebody has to be told of, day or night ("cảnh báo").

    look: gives the value now and a sentence for people; None where there is nothing to look at.
    rings_at, clears_at: it begins at the one and ends at the other, so that a value that trembles
    rings once; where rings_at is the smaller one, small values are bad. advice: what to do.
    """

    code: str
    title: StrOrPromise
    advice: StrOrPromise
    look: Callable[[dt.datetime], tuple[float, str] | None]
    rings_at: float
    clears_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """Invented data for the demo.

    order: seeds of all systems run by it, then by the system's place. run: is given a function that
    writes a line of progress; running it twice changes nothing the second time. whole_only: left
    out where the least is laid down, as tests do.
    """

    order: int
    title: str
    run: Callable[[Say], None]
    whole_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileImport:
    """A kind of file that the operator brings in: `./sen import CODE FILE`.

    title: what the file holds. run: is given the file, the day from which its content holds,
    whether nothing is to be written, and a function that writes a line. It raises DomainError for
    a file that does not hold, and then nothing of it is there.
    """

    code: str
    title: StrOrPromise
    run: Callable[[Path, dt.date, bool, Say], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRunStep:
    """What an administrator does once on a new installation, and how Sen knows that it is done.

    The wizard is the sum of these, by order. code: stable, "public_services.procedures". lead: what
    it is for, in a sentence. without: what does not work until it is done. url_name: the page on
    which it is done, as often as one likes. may_wait: whether it may be put off.
    """

    code: str
    order: int
    title: StrOrPromise
    lead: StrOrPromise
    without: StrOrPromise
    url_name: str
    is_done: Callable[[], bool]
    may_wait: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage:
    """A page of help.

    slug: its address, Vietnamese without marks. template: the page, "inbox/help/tasks.html".
    url_names: the pages from which it is offered.
    """

    slug: str
    title: StrOrPromise
    template: str
    url_names: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What people call something that Sen names by a code, for the administrator's pages.

    code: of an act of the trail, a kind of record, a job, an event, a value of the law or an entry
    of one ("results.kinds.birth_certificate"); where an event bears the code of an act, one name
    serves both. What an act sets in a record is "field." and its name ("field.due_at"), with the
    kind of record between where the same word means something else there.
    """

    code: str
    title: StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """A menu item as one actor sees it."""

    system: str
    title: str
    url_name: str
    icon: str
    is_start: bool = False


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Everything that a system contributes; `<system>.manifest.MANIFEST` is one.

    code: the system's package name. urls: the dotted path of its URLconf, with `app_name`.
    api: the dotted path of its router, "sen.systems.inbox.api.router". Codes of permissions, acts
    and the like start with the system's code. The other slots hold frozen values of the kernel
    package that reads them; they are handed over and checked at start.
    """

    code: str
    title: StrOrPromise
    urls: str | None = None
    api: str | None = None
    menu: Sequence[MenuItem] = ()
    permissions: Sequence[Permission] = ()
    roles: Sequence[RoleTemplate] = ()
    acts: Sequence[Act] = ()
    handlers: Sequence[Handler] = ()
    figures: Sequence[Figure] = ()
    search: Sequence[SearchSource] = ()
    search_trials: Sequence[Trial] = ()
    prefill: Sequence[PrefillSource] = ()
    file_owners: Sequence[FileOwner] = ()
    notification_templates: Sequence[Template] = ()
    paper_templates: Sequence[PaperTemplate] = ()
    channels: Sequence[IntakeChannel] = ()
    datasets: Sequence[Dataset] = ()
    exchange: Sequence[ExchangeService] = ()
    personal_data: Sequence[LedgerLine] = ()
    retention: Sequence[Retention] = ()
    value_uses: Sequence[ValueUse] = ()
    health: Sequence[HealthCheck] = ()
    measures: Sequence[Measure] = ()
    alarms: Sequence[Alarm] = ()
    invariants: Sequence[Invariant] = ()
    seed: Sequence[Seed] = ()
    imports: Sequence[FileImport] = ()
    first_run: Sequence[FirstRunStep] = ()
    help: Sequence[HelpPage] = ()
    names: Sequence[Name] = ()
