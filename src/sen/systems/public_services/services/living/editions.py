"""Which case of a procedure was filed on a day; before the present edition, one like it.

Most procedures of the seed are held from a day within the invented year on. What was filed before
it hangs on an edition of its own, number 0, closed and marked as the demonstration's: the same
content, with the charges that were in force.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sen.base.errors import NotFound
from sen.kernel.legal import public as legal
from sen.systems.public_services.choices import ProcedureStatus
from sen.systems.public_services.models import Case, ProcedureVersion

_EARLIER = 0
_SAID = "Bản của dữ liệu trình diễn cho hồ sơ trước ngày {day}; nội dung như bản số {number}"


class Editions:
    """The cases of procedures by day; `first`: the day on which the invented year begins."""

    def __init__(self, codes: Collection[str], first: dt.date) -> None:
        """Read the published versions, and lay down an earlier one where the year needs it."""
        self._cases: dict[str, list[tuple[dt.date, list[Case]]]] = {}
        published = ProcedureVersion.objects.filter(
            procedure__code__in=codes, status=ProcedureStatus.PUBLISHED, cases__isnull=False
        ).distinct()
        for version in published.select_related("procedure").order_by("valid_from"):
            held = self._cases.setdefault(version.procedure.code, [])
            if not held and version.valid_from > first:
                held.append((first, _cases_of(_earlier(version, first))))
            held.append((version.valid_from, _cases_of(version)))

    def cases(self, code: str, on: dt.date) -> list[Case]:
        """Return the cases of a procedure that could be filed on a day, none where it could not."""
        found: list[Case] = []
        for begins, cases in self._cases.get(code, ()):
            if begins <= on:
                found = cases
        return found


def _cases_of(version: ProcedureVersion) -> list[Case]:
    cases = version.cases.select_related("version__procedure")
    return list(cases.order_by("position"))


def _earlier(version: ProcedureVersion, first: dt.date) -> ProcedureVersion:
    """Return the edition before the first one that is published, laid down if it is missing."""
    said = _SAID.format(day=f"{version.valid_from:%d/%m/%Y}", number=version.number)
    earlier, is_new = ProcedureVersion.objects.get_or_create(
        procedure=version.procedure,
        number=_EARLIER,
        defaults={
            "status": ProcedureStatus.CLOSED,
            "announcement": said,
            "valid_from": first,
            "valid_to": version.valid_from - dt.timedelta(days=1),
            "national": version.national,
            "overlay": version.overlay,
            "published_at": version.published_at,
        },
    )
    if is_new:
        cases = list(version.cases.order_by("position"))
        for case in cases:
            case.pk, case.version = Case().pk, earlier
            case.fees = [fee for fee in case.fees if _was_in_force(fee["amount_key"], first)]
        Case.objects.bulk_create(cases)
    return earlier


def _was_in_force(key: str, on: dt.date) -> bool:
    try:
        legal.value(key, on)
    except NotFound:
        return False
    return True
