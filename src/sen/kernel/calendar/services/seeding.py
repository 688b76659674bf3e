"""Entering a year from the public list of national days and our own data file."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.kernel.calendar.adapters.national_days import national_days
from sen.kernel.calendar.choices import DayKind, Standing
from sen.kernel.calendar.data import DayEntry, WeekEntry, WeekHours, YearEntry
from sen.kernel.calendar.models import WorkWeek
from sen.kernel.calendar.queries import parse
from sen.kernel.calendar.services.days import open_year, set_week

_FILE = Path(__file__).resolve().parents[1] / "seed" / "calendar.json"


@transaction.atomic
def seed_year(actor: Actor, *, year: int, at: dt.datetime) -> int:
    """Enter a year with its national days and, if there is none, the ordinary week.

    May be repeated: what is entered already stays. Returns the edition of the calendar.
    Raises NotAllowed; Invalid for a year of which our data file knows no source.
    """
    data = _data()
    if str(year) not in data["years"]:
        raise Invalid(_("Chưa có dữ liệu nguồn cho lịch năm %(year)s.") % {"year": year})
    if not WorkWeek.objects.filter(unit_id__isnull=True).exists():
        set_week(actor, unit=None, week=_week(data["week"]), at=at)
    return open_year(actor, year=_year(year, data["years"][str(year)]), at=at)


@cache
def _data() -> Any:
    return json.loads(_FILE.read_text(encoding="utf-8"))


def _week(data: Any) -> WeekEntry:
    hours = WeekHours(
        valid_from=dt.date.fromisoformat(data["valid_from"]), hours=parse(data["hours"])
    )
    return WeekEntry(hours=hours, source=data["source"], standing=Standing(data["standing"]))


def _year(year: int, data: Any) -> YearEntry:
    standing = Standing(data["standing"])
    own = {
        day.on: day
        for day in (
            DayEntry(
                on=dt.date.fromisoformat(item["on"]),
                kind=DayKind(item["kind"]),
                title=item["title"],
                source=item["source"],
                standing=standing,
            )
            for item in data["days"]
        )
    }
    national = {day.on: day for day in national_days(year, standing=standing)}
    days = tuple(day for _on, day in sorted({**national, **own}.items()))
    return YearEntry(year=year, days=days, source=data["source"], standing=standing)
