"""Papers to sign, and people who may."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from uuid import UUID

import typst

from sen.base.actor import Actor, Strength
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.organisations import public as organisations

AT = dt.datetime(2026, 11, 21, 2, 30, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 21)

_LETTER = """
#set page(paper: "a4", margin: 25mm)
#set text(size: 13pt, lang: "vi")
#let spot(address, width, height, baseline: 0pt) = pdf.artifact(
  link(address, box(width: width, height: height, baseline: baseline)))
#let digits(name, most, more: "") = spot(
  "sen-digits:" + name + "?size=13" + more, most * 0.5em, 1em, baseline: 0.25em)
So #digits("so", 4, more: "&align=right")/TB-UBND,
ngay _#digits("ngay", 2, more: "&style=italic&align=center")_ thang #digits("thang", 2) nam 2026
#link("https://example.vn")[a true link stays a link]
#lorem(40)
#align(right, spot("sen-signature:NguoiKy", 50mm, 20mm))
#align(right, spot("sen-signature:CoQuan", 36mm, 36mm))
"""


@cache
def typeset(source: str = _LETTER) -> bytes:
    """Return the PDF/A of a Typst source."""
    made = typst.compile(source.encode(), ignore_system_fonts=True, pdf_standards=["a-2b"])
    assert isinstance(made, bytes)
    return made


@dataclass(frozen=True)
class Clerk:
    """A unit with somebody who holds its seal, and somebody who does not."""

    unit: UUID
    clerk: Actor
    officer: Actor


def actor(position: UUID | None = None, unit: UUID | None = None) -> Actor:
    """Return an official of a position, or a person without one."""
    return Actor(
        account=new_id(),
        person=new_id(),
        position=position,
        unit=unit,
        strength=Strength.MULTI_FACTOR,
    )


def position(unit: organisations.Unit, code: str, *permissions: str) -> Actor:
    """Return an actor in a new position of a unit, with these rights there."""
    made = organisations.Position.objects.create(
        unit=unit, code=code, title={"vi": code}, valid_from=dt.date(2026, 1, 1)
    )
    if permissions:
        role = access.Role.objects.create(
            code=code, title={"vi": code}, permissions=list(permissions)
        )
        access.Grant.objects.create(
            position=made, role=role, scope=access.Scope.OWN, valid_from=dt.date(2026, 1, 1)
        )
    return actor(made.id, unit.id)


def unit(code: str = "H41.9.11") -> organisations.Unit:
    """Return a new unit."""
    return organisations.Unit.objects.create(
        code=code,
        kind=organisations.UnitKind.COMMUNE,
        level=organisations.Level.COMMUNE,
        valid_from=dt.date(2025, 7, 1),
    )
