"""What may be filed, and where."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sen.base.errors import DomainError, Invalid, NotFound
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import ProcedureStatus
from sen.systems.public_services.data import FeeRule, PaperRule
from sen.systems.public_services.models import Case, Procedure, ProcedureAlias, ProcedureVersion
from sen.systems.public_services.queries import parts

_WRITTEN = re.compile(r"(\d)[.\s]?(\d{6})(?:\.[0-9A-Za-z]+)*")
"""A code as people write it: with or without its point, with an agency behind it."""


class NotOffered(DomainError):
    """The procedure is switched off for now; what was filed goes on, drafts are kept."""

    code = "not_offered"
    status = 410

    @classmethod
    def of(cls, procedure: Procedure) -> NotOffered:
        """Return the refusal that says since when and why, in words for citizens."""
        if procedure.off_since is None:
            return cls(_("Thủ tục này đang tạm dừng nhận hồ sơ."))
        return cls(
            _("Thủ tục này tạm dừng nhận hồ sơ từ ngày %(day)s. Lý do: %(reason)s")
            % {
                "day": date_format(procedure.off_since, "SHORT_DATE_FORMAT"),
                "reason": procedure.off_reason,
            }
        )


def procedures(*, with_off: bool = False) -> list[Procedure]:
    """Return the procedures that may be filed, by code; with_off: those switched off too."""
    found = _published(Procedure.objects.all())
    if not with_off:
        found = found.filter(is_active=True)
    return list(found.order_by("code"))


def _published(found: QuerySet[Procedure]) -> QuerySet[Procedure]:
    """Leave out what was never published with a case: drafts, and what is only described."""
    cases = Case.objects.filter(
        version__procedure=OuterRef("pk"), version__status=ProcedureStatus.PUBLISHED
    )
    return found.filter(Exists(cases))


def procedure(code: str) -> Procedure:
    """Return a procedure that may be filed. Raises NotFound."""
    found = Procedure.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise NotFound(_("Không tìm thấy thủ tục này."))
    return found


def switched_off(code: str) -> Procedure | None:
    """Return a procedure that is switched off, None for any other."""
    return _published(Procedure.objects.filter(code=code, is_active=False)).first()


def _refuse_off(code: str) -> None:
    found = switched_off(code)
    if found is not None:
        raise NotOffered.of(found)


def present_code(code: str) -> str | None:
    """Return the code under which a procedure is kept, of one written or called differently.

    That is one with an agency behind it (1.004222.H41), without its first point, or a former
    one; None where nothing is known by it.
    """
    found = _WRITTEN.fullmatch(code.strip())
    written = f"{found[1]}.{found[2]}" if found else code.strip()
    for one in dict.fromkeys((written, code.strip())):
        if one != code and Procedure.objects.filter(code=one).exists():
            return one
        alias = ProcedureAlias.objects.select_related("procedure").filter(code=one).first()
        if alias is not None:
            return alias.procedure.code
    return None


def current_version(code: str, *, on: dt.date) -> ProcedureVersion:
    """Return the version of a procedure in force on a day. Raises NotFound, NotOffered."""
    version = (
        ProcedureVersion.objects.select_related("procedure")
        .filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
            procedure__code=code,
            procedure__is_active=True,
            status=ProcedureStatus.PUBLISHED,
            valid_from__lte=on,
        )
        .order_by("-number")
        .first()
    )
    if version is None:
        _refuse_off(code)
        raise NotFound(_("Thủ tục này hiện không có phiên bản đang áp dụng."))
    return version


def filed_cases(version: ProcedureVersion) -> list[Case]:
    """Return the cases of a version that is filed here. Raises NotFound for one only described."""
    found = list(version.cases.order_by("position"))
    if not found:
        raise NotFound(_("Thủ tục này hiện không nhận hồ sơ tại đây."))
    return found


def cases_of(version: ProcedureVersion) -> list[Case]:
    """Return the cases of a published version in order; remembered, for they never change."""
    return legal.cached(
        "values",
        ("public_services.cases_of", version.id),
        lambda: list(version.cases.order_by("position")),
    )


def case(case_id: UUID) -> Case:
    """Return a case with its version and procedure; remembered, for published ones never change."""
    return legal.cached(
        "values",
        ("public_services.case", case_id),
        lambda: Case.objects.select_related("version__procedure").get(id=case_id),
    )


def current_case(procedure_code: str, case_code: str, *, on: dt.date) -> Case:
    """Return a case of the version in force on a day, remembered. Raises NotFound, NotOffered."""
    return legal.cached(
        "values",
        ("public_services.current_case", procedure_code, case_code, on),
        lambda: _current_case(procedure_code, case_code, on=on),
    )


def _current_case(procedure_code: str, case_code: str, *, on: dt.date) -> Case:
    case = (
        Case.objects.select_related("version__procedure")
        .filter(
            Q(version__valid_to__isnull=True) | Q(version__valid_to__gte=on),
            version__procedure__code=procedure_code,
            version__procedure__is_active=True,
            version__status=ProcedureStatus.PUBLISHED,
            version__valid_from__lte=on,
            code=case_code,
        )
        .order_by("-version__number")
        .first()
    )
    if case is None:
        _refuse_off(procedure_code)
        raise NotFound(_("Không tìm thấy trường hợp này của thủ tục."))
    return case


def paper_rules(case: Case) -> list[PaperRule]:
    """Return the papers that a case may ask for."""
    return [PaperRule(**{**rule, "accepted": tuple(rule["accepted"])}) for rule in case.papers]


def fee_rules(case: Case) -> list[FeeRule]:
    """Return the charges that a case may have."""
    return [FeeRule(**rule) for rule in case.fees]


def receiving_units(on: dt.date) -> list[organisations.Unit]:
    """Return the service centres where dossiers are received, by code."""
    return legal.cached(
        "units",
        ("public_services.receiving_units", on),
        lambda: list(organisations.units(organisations.UnitKind.CENTRE, on=on)),
    )


def find_receiving_units(query: str, on: dt.date) -> list[organisations.Unit]:
    """Return the service centres whose code or name holds the words, with or without marks."""
    return organisations.find_units(query, on=on, kind=organisations.UnitKind.CENTRE)


def centre_places(on: dt.date) -> Mapping[UUID, organisations.Localised]:
    """Return the name of the area for which each service centre receives, such as "Xã Đại Đồng".

    Read once an edition; centres of units that govern no area are missing.
    """

    def load() -> Mapping[UUID, organisations.Localised]:
        governed = dict(
            organisations.UnitParent.objects.filter(
                organisations.holds_on(on), unit__kind=organisations.UnitKind.CENTRE
            )
            .exclude(parent__statistics_code="")
            .values_list("unit_id", "parent__statistics_code")
        )
        areas = dict(
            organisations.Area.objects.filter(
                organisations.holds_on(on), code__in=set(governed.values())
            ).values_list("code", "name")
        )
        return {unit: areas[code] for unit, code in governed.items() if code in areas}

    return legal.cached("units", ("public_services.centre_places", on), load)


def centre_of_area(code: str, on: dt.date) -> str:
    """Return the code of the service centre of a commune by its statistics code, "" for none."""

    def load() -> str:
        centres = {unit.id: unit.code for unit in receiving_units(on)}
        try:
            commune = organisations.unit_of_area(code, on)
        except NotFound:
            return ""
        below = organisations.below(commune.id, on)
        return next((centres[unit] for unit in below if unit in centres), "")

    return legal.cached("units", ("public_services.centre_of_area", code, on), load)


def receiving_unit(code: str, *, on: dt.date) -> UUID:
    """Return the service centre of a code. Raises Invalid where there is none."""
    for unit in receiving_units(on):
        if unit.code == code:
            return unit.id
    raise Invalid(fields={"receiving_unit": [_("Vui lòng chọn nơi tiếp nhận hồ sơ.")]})


def competent_unit(receiving_unit: UUID, on: dt.date, case: Case | None = None) -> UUID:
    """Return the unit that decides on what a centre receives.

    The unit that the version of the case names ("competent" of its overlay, or of its parts),
    where there is one of that name; else the commune or province that the centre belongs to.
    """
    named = case.version.overlay.get("competent", "") if case is not None else ""
    found = _unit_named(named, on) if named else None
    if found is None and case is not None and (rule := parts.rules_of(case).get(parts.COMPETENT)):
        found = parts.unit_by(rule, receiving_unit, on)
    return found or organisations.above(receiving_unit, on, include_self=False)[0]


def decides_by_name(name: str, on: dt.date) -> UUID | None:
    """Return the unit that a version names as competent, None where it names none there is."""
    return _unit_named(name, on) if name else None


def _unit_named(name: str, on: dt.date) -> UUID | None:
    """Return the department whose name begins so, such as "Sở Nội vụ", None where there is none."""

    def load() -> UUID | None:
        departments = organisations.units(organisations.UnitKind.DEPARTMENT, on=on)
        return next(
            (
                unit.id
                for unit in departments
                if organisations.unit_name(unit.id, on).startswith(name)
            ),
            None,
        )

    return legal.cached("units", ("public_services.unit_named", name, on), load)


def processing_officials(unit: UUID, on: dt.date) -> dict[UUID, str]:
    """Return the accounts that may process dossiers of a unit with their owners' names.

    Remembered until a grant, a position or an employment changes.
    """
    key = ("public_services.processing", legal.editions().units, unit, on)
    return legal.cached(
        "grants",
        key,
        lambda: identity.display_names(access.holders(permissions.PROCESS.name, unit=unit, on=on)),
    )
