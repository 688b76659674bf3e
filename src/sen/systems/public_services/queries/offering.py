"""The catalogue as whoever keeps it sees it: every procedure, in force, off or still a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from sen.base.errors import NotFound
from sen.base.vietnamese import fold
from sen.kernel.calendar import public as calendar
from sen.kernel.legal import public as legal
from sen.systems.public_services.choices import Offer, ProcedureStatus
from sen.systems.public_services.models import Case, Procedure, ProcedureVersion
from sen.systems.public_services.queries import catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A procedure with its state on a day: the version in force, 0 for none, and the draft's."""

    procedure: Procedure
    state: Offer
    in_force: int
    draft: int


def listed(
    *,
    on: dt.date,
    query: str = "",
    state: str = "",
    with_bare: bool = True,
    after: str = "",
    limit: int = 50,
) -> list[Offered]:
    """Return procedures by code with their state on a day. At most two statements.

    query: words of the code or the name, with or without marks. state: a value of `Offer`, empty
    for all; DRAFT is asked for beside any other. with_bare: those of which nothing but code and
    name is known, too. after: the last code of the page before.
    """
    found = _with_versions(on)
    words = fold(query).split()
    if words:
        named = Procedure.objects.values_list("id", "code", "name__vi")
        found = found.filter(
            id__in=[
                key
                for key, code, name in named
                if all(word in fold(f"{code} {name}") for word in words)
            ]
        )
    if not with_bare:
        found = found.filter(
            Q(in_force__isnull=False) | Q(draft__isnull=False) | Q(is_active=False)
        )
    match state:
        case Offer.OFF:
            found = found.filter(is_active=False)
        case Offer.PUBLISHED:
            found = found.filter(is_active=True, is_filed=True)
        case Offer.KNOWN:
            found = found.filter(is_active=True, in_force__isnull=False, is_filed=False)
        case Offer.DRAFT:
            found = found.filter(draft__isnull=False)
        case Offer.NONE:
            found = found.filter(is_active=True, in_force__isnull=True)
    rows = found.filter(code__gt=after).order_by("code")[:limit]
    return [_offered(row) for row in rows]


def one(code: str, *, on: dt.date) -> Offered:
    """Return one procedure with its state on a day. Raises NotFound."""
    found = _with_versions(on).filter(code=code).first()
    if found is None:
        raise NotFound(_("Không tìm thấy thủ tục này."))
    return _offered(found)


def _with_versions(on: dt.date) -> QuerySet[Any]:
    versions = ProcedureVersion.objects.filter(procedure=OuterRef("pk")).order_by("-number")
    in_force = versions.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        status=ProcedureStatus.PUBLISHED,
        valid_from__lte=on,
    )
    drafts = versions.filter(status=ProcedureStatus.DRAFT)
    return Procedure.objects.annotate(
        in_force=Subquery(in_force.values("number")[:1]),
        draft=Subquery(drafts.values("number")[:1]),
        is_filed=Exists(in_force.filter(cases__isnull=False)),
    )


def _offered(row: Any) -> Offered:
    if not row.is_active:
        state = Offer.OFF
    elif row.is_filed:
        state = Offer.PUBLISHED
    elif row.in_force is not None:
        state = Offer.KNOWN
    else:
        state = Offer.NONE if row.draft is None else Offer.DRAFT
    return Offered(procedure=row, state=state, in_force=row.in_force or 0, draft=row.draft or 0)


def versions(code: str) -> list[ProcedureVersion]:
    """Return every version of a procedure, the latest first."""
    found = ProcedureVersion.objects.select_related("procedure").filter(procedure__code=code)
    return list(found.order_by("-number"))


def former_codes(procedure: Procedure) -> list[str]:
    """Return the former codes that lead to a procedure."""
    return list(procedure.aliases.order_by("code").values_list("code", flat=True))


def version(code: str, number: int) -> ProcedureVersion:
    """Return one version of a procedure, published or not. Raises NotFound."""
    found = (
        ProcedureVersion.objects.select_related("procedure")
        .filter(procedure__code=code, number=number)
        .first()
    )
    if found is None:
        raise NotFound(_("Thủ tục này không có phiên bản đó."))
    return found


def cases(held: ProcedureVersion) -> list[Case]:
    """Return the cases of a version with form and flow. One statement."""
    return list(held.cases.select_related("form_version", "flow_version").order_by("position"))


def faults(held: ProcedureVersion) -> Sequence[str]:
    """Return what keeps a version from being published, in words; empty where nothing does.

    One without cases can be published where the national record says what people need to know:
    it is looked up then, not filed.
    """
    found = [] if held.announcement.strip() else [_("Thiếu quyết định công bố.")]
    listed_cases = cases(held)
    if not listed_cases and not held.national:
        found.append(_("Phiên bản chưa có trường hợp nào."))
    for case in listed_cases:
        found += [f"{case.title['vi']}: {said}" for said in _case_faults(case, held.valid_from)]
    return found


def _case_faults(case: Case, on: dt.date) -> list[str]:
    try:
        calendar.Allowance.parse(case.allowance)
        rules = catalogue.fee_rules(case)
        catalogue.paper_rules(case)
    except (KeyError, TypeError, ValueError) as error:
        return [_("nội dung chưa đúng: %(error)s") % {"error": error}]
    found = []
    for key in dict.fromkeys(key for rule in rules for key in (rule.amount_key, rule.cap_key)):
        try:
            if key:
                legal.value(key, on)
        except NotFound:
            said = _("mức thu “%(key)s” chưa có giá trị vào ngày áp dụng")
            found.append(said % {"key": key})
    return found
