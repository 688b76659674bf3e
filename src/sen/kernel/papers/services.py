"""The verbs: render a paper, take a number, make a dossier code."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connection
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.errors import Invalid
from sen.base.identifiers import new_id
from sen.kernel.legal import public as legal
from sen.kernel.papers import registry, rules
from sen.kernel.papers.adapters import qr as codes
from sen.kernel.papers.adapters import typesetting
from sen.kernel.papers.data import Rendered
from sen.kernel.papers.models import CodeCount, Register
from sen.kernel.signing import public as signing

_ROWS = 1000

log = structlog.get_logger(__name__)


def render(
    code: str,
    data: Mapping[str, Any],
    *,
    on: dt.date,
    qr: str | None = None,
    fields: bool = False,
) -> Rendered:
    """Return an official paper as PDF/A-2b by the edition of its template valid on a day.

    data: what the template's schema names: text, whole numbers, dates, aware moments, yes or no,
    rows. qr: the text of its QR code. fields: prepare the places for digits, signature and seal,
    so that it can be signed. No database, no network.
    Raises ImproperlyConfigured for an unknown code; Invalid, naming the keys, if the data does not
    fit the schema or holds a character that papers cannot show.
    """
    template = registry.edition(code, on)
    _check(code, data, template.source)
    given = rules.plain_value(data, clock.ZONE)
    given |= {"fields": fields, "qr": codes.svg(qr) if qr else ""}
    text = json.dumps(given, ensure_ascii=False)
    source = f'#import "/{template.source}": paper\n#paper(json(bytes({rules.typst_string(text)})))'
    try:
        pdf = typesetting.pdf(source, made_at=clock.moment(on))
    except typesetting.CannotTypeset as problem:
        log.warning("paper_not_made", paper=code, version=template.version)
        if problem.letter:
            raise Invalid(
                _("Ký tự “%(letter)s” không in được trên văn bản.") % {"letter": problem.letter}
            ) from problem
        raise ImproperlyConfigured(f"the paper {code} cannot be typeset: {problem}") from problem
    if fields:
        pdf = signing.prepare(pdf)
    return Rendered(
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        code=code,
        template_version=template.version,
        has_fields=fields,
    )


def _check(code: str, data: Mapping[str, Any], source: str) -> None:
    problems = rules.data_problems(registry.schema(source), data)
    if not problems:
        return
    words = {
        "missing": _("Văn bản cần thông tin này."),
        "unknown": _("Văn bản không có chỗ cho thông tin này."),
        "type": _("Thông tin không đúng kiểu."),
    }
    raise Invalid(
        _("Chưa đủ thông tin để lập văn bản %(code)s.") % {"code": code},
        fields={key: [words[problem]] for key, problem in problems.items()},
    )


_TAKE_NUMBER = """
INSERT INTO papers_register (id, unit, kind, series, year, last_number)
VALUES (%s, %s, %s, %s, %s, 1)
ON CONFLICT (unit, kind, series, year)
DO UPDATE SET last_number = papers_register.last_number + 1
RETURNING last_number
"""


def take_number(*, unit: UUID, kind: str, series: str, on: dt.date) -> int:
    """Take the next number of a unit's register of the year; one statement.

    The register's row stays locked until the caller's transaction ends, and a transaction that is
    rolled back gives its number back: no gaps, no number twice.
    Nguồn: Nghị định 30/2020/NĐ-CP, Điều 15 khoản 2 (số liên tục từ 01 ngày 01 tháng 01 hằng năm).
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_NUMBER, [new_id(), unit, kind, series, on.year])
        (number,) = cursor.fetchone()
    return int(number)


class Numbering:
    """Numbers and codes of the past, counted in memory; `keep` writes how far they came.

    From where the registers and the days stand. For what is laid down at once, in the order of
    time, while nobody else takes numbers of these units.
    """

    def __init__(self, units: Collection[UUID]) -> None:
        """Read how far the registers and days of units are. Two statements."""
        registers = Register.objects.filter(unit__in=units)
        days = CodeCount.objects.filter(unit__in=units)
        self._numbers: dict[tuple[UUID, str, str, int], int] = {
            (one.unit, one.kind, one.series, one.year): one.last_number for one in registers
        }
        self._codes: dict[tuple[str, UUID, dt.date], int] = {
            (one.pattern_key, one.unit, one.day): one.last_number for one in days
        }
        self._taken: set[object] = set()

    def take_number(self, *, unit: UUID, kind: str, series: str, on: dt.date) -> int:
        """Return the next number of a register, as `take_number` does."""
        key = (unit, kind, series, on.year)
        self._taken.add(key)
        self._numbers[key] = self._numbers.get(key, 0) + 1
        return self._numbers[key]

    def next_code(
        self, *, unit: UUID, unit_code: str, field_code: str, on: dt.date, pattern_key: str
    ) -> str:
        """Return the next dossier code of an agency on a day, as `next_code` does."""
        key = (pattern_key, unit, on)
        self._taken.add(key)
        self._codes[key] = self._codes.get(key, 0) + 1
        pattern = legal.value(pattern_key, on)
        return rules.format_code(
            pattern, unit=unit_code, field=field_code, on=on, number=self._codes[key]
        )

    def keep(self, *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Write how far the registers and days came, in the transaction of what was numbered.

        using: the connection of that transaction.
        """
        Register.objects.using(using).bulk_create(
            [
                Register(unit=unit, kind=kind, series=series, year=year, last_number=last)
                for (unit, kind, series, year), last in self._numbers.items()
                if (unit, kind, series, year) in self._taken
            ],
            update_conflicts=True,
            unique_fields=["unit", "kind", "series", "year"],
            update_fields=["last_number"],
            batch_size=_ROWS,
        )
        CodeCount.objects.using(using).bulk_create(
            [
                CodeCount(pattern_key=pattern, unit=unit, day=day, last_number=last)
                for (pattern, unit, day), last in self._codes.items()
                if (pattern, unit, day) in self._taken
            ],
            update_conflicts=True,
            unique_fields=["pattern_key", "unit", "day"],
            update_fields=["last_number"],
            batch_size=_ROWS,
        )


_COUNT_CODE = """
INSERT INTO papers_codecount (id, pattern_key, unit, day, last_number)
VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (pattern_key, unit, day)
DO UPDATE SET last_number = papers_codecount.last_number + 1
RETURNING last_number
"""


def next_code(
    *,
    unit: UUID,
    unit_code: str,
    field_code: str,
    on: dt.date,
    pattern_key: str,
) -> str:
    """Return the next dossier code of an agency on a day; the count and the pattern.

    pattern_key: the legal value with the pattern (see `rules.format_code`). Two statements at
    most. Raises NotFound if the law has no pattern on that day.
    """
    pattern = legal.value(pattern_key, on)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_CODE, [new_id(), pattern_key, unit, on])
        (number,) = cursor.fetchone()
    return rules.format_code(pattern, unit=unit_code, field=field_code, on=on, number=int(number))
