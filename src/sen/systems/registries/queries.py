"""The reads: the record of lookups, and what was told for a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import SYSTEM, Actor
from sen.base.sealing import sealer
from sen.kernel.access import public as access
from sen.kernel.forms.public import FindingOutcome, PrefillContext
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.registries.choices import Failure, Registry
from sen.systems.registries.data import LookupLine, Partner, Wanted
from sen.systems.registries.models import Lookup


def lookups(actor: Actor, *, draft: UUID | None = None, limit: int = 100) -> list[Lookup]:
    """Return the lookups about the actor, the latest first, whoever had them asked.

    draft: those of one draft, or of the dossier that came of it. They are found by the digest of
    the number that the sign-in proved, also those from before Sen knew the person.
    """
    if actor.person is None:
        return []
    number = identity.national_number(identity.person(actor.person))
    if not number:
        return []
    with access.acting(SYSTEM):
        rows = Lookup.objects.filter(question__in=[question(number, one) for one in Registry])
        if draft is not None:
            rows = rows.filter(draft=draft)
        return list(rows.order_by("-at", "-id")[:limit])


def question(number: str, registry: Registry) -> bytes:
    """Return the keyed digest of a question to a registry about somebody."""
    keyed = sealer(settings.FIELD_KEY)
    return keyed.digest(number, "registries_lookup", registry.value)


def connected() -> frozenset[str]:
    """Return the registries that can be asked here, by their keys."""
    return frozenset(one.value for one in partners())


def searched(wanted: Wanted, *, limit: int) -> list[Lookup]:
    """Return the lookups that are looked for, the latest first. One SELECT.

    For whoever has asked for the right: the caller's transaction is the system's.
    """
    rows = Lookup.objects.all()
    if wanted.first is not None:
        rows = rows.filter(at__gte=clock.moment(wanted.first))
    if wanted.last is not None:
        rows = rows.filter(at__lt=clock.moment(wanted.last + dt.timedelta(days=1)))
    for name in ("registry", "outcome", "procedure"):
        said = getattr(wanted, name)
        if said:
            rows = rows.filter(**{name: said})
    if wanted.before is not None:
        rows = rows.filter(id__lt=wanted.before)
    return list(rows.order_by("-id")[:limit])


def told(registry: Registry) -> Callable[[Actor, PrefillContext], Mapping[str, Any]]:
    """Return what reads a registry's answer out of what was gathered for a draft."""

    def read(_actor: Actor, context: PrefillContext) -> Mapping[str, Any]:
        found = context.found.get(registry.value)
        return found.values if found else {}

    return read


def partners() -> dict[Registry, Partner]:
    """Return the registries that are configured here."""
    return {
        registry: Partner(
            url=url, account=settings.REGISTRIES_ACCOUNT, secret=settings.REGISTRIES_SECRET
        )
        for registry in Registry
        if (url := settings.REGISTRIES.get(registry.value))
    }


def lines(rows: Iterable[Lookup]) -> list[LookupLine]:
    """Return lookups as lines."""
    found = list(rows)
    at = {one.unit for one in found if one.unit is not None}
    names = organisations.unit_names(at, clock.day(clock.now()), get_language() or "vi")
    return [_line(one, names.get(one.unit, "") if one.unit else "") for one in found]


def _line(row: Lookup, unit: str) -> LookupLine:
    outcome = FindingOutcome(row.outcome)
    return LookupLine(
        key=row.registry,
        registry=str(Registry(row.registry).label),
        procedure=row.procedure,
        at=row.at,
        outcome=str(outcome.label),
        failure=str(Failure(row.failure).label) if row.failure else "",
        fields=tuple(dict.fromkeys(called(one) for one in row.fields)),
        is_found=outcome == FindingOutcome.FOUND,
        is_failed=outcome in {FindingOutcome.FAILED, FindingOutcome.OTHER_PERSON},
        draft=row.draft,
        unit=unit,
    )


def called(field: str) -> str:
    """Return what people call a fact; one without a name of ours keeps its key."""
    names = {
        "address": _("Nơi cư trú, địa chỉ"),
        "area_m2": _("Diện tích"),
        "bank": _("Ngân hàng"),
        "birth_date": _("Ngày sinh"),
        "certificate": _("Giấy chứng nhận"),
        "child_birth_date": _("Ngày sinh của con"),
        "child_sex": _("Giới tính của con"),
        "ended_number": _("Số giấy chấm dứt hôn nhân"),
        "ethnicity": _("Dân tộc"),
        "facility_area": _("Địa bàn của cơ sở y tế"),
        "facility_name": _("Tên cơ sở y tế"),
        "full_name": _("Họ, chữ đệm, tên"),
        "holder": _("Người sử dụng đất"),
        "grade": _("Lớp"),
        "home_town": _("Quê quán"),
        "is_paid": _("Đang hưởng lương hưu, trợ cấp hằng tháng"),
        "is_married": _("Có đăng ký kết hôn"),
        "is_mortgaged": _("Có thế chấp"),
        "kind": _("Hộ nghèo, hộ cận nghèo"),
        "map_sheet": _("Tờ bản đồ"),
        "marital_state": _("Tình trạng hôn nhân"),
        "name": _("Tên"),
        "national_number": _("Số định danh cá nhân"),
        "nationality": _("Quốc tịch"),
        "number": _("Số giấy tờ"),
        "place_kind": _("Nơi sinh"),
        "plot_number": _("Số thửa"),
        "relation": _("Quan hệ với con"),
        "school": _("Trường đang học"),
        "state": _("Tình trạng"),
        "tax_code": _("Mã số thuế"),
    }
    return names.get(field.rpartition(".")[2], field)
