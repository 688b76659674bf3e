"""Times and sizes in words, in the language of the reader."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.money import format_vnd

_KILO = 1024
_HOUR = 60


def working_time(minutes: int, *, day_minutes: int) -> str:
    """Return an amount of working time in at most two units: "2 ngày 3 giờ".

    minutes: working minutes, not negative. day_minutes: the length of the unit's working day.
    """
    days, rest = divmod(minutes, day_minutes)
    hours, left = divmod(rest, _HOUR)
    parts = [
        ngettext("%(n)s ngày", "%(n)s ngày", days) % {"n": days} if days else "",
        ngettext("%(n)s giờ", "%(n)s giờ", hours) % {"n": hours} if hours else "",
        ngettext("%(n)s phút", "%(n)s phút", left) % {"n": left} if left and not days else "",
    ]
    return " ".join([part for part in parts if part][:2]) or _("dưới 1 phút")


def file_size(size: int) -> str:
    """Return a number of bytes as people read it: "1,4 MB"."""
    amount, unit = float(size), "B"
    for larger in ("KB", "MB", "GB"):
        if amount < _KILO:
            break
        amount, unit = amount / _KILO, larger
    places = 1 if unit in {"MB", "GB"} and amount < 10 else 0  # noqa: PLR2004 - one digit before
    return f"{number_format(round(amount, places), places, force_grouping=True)} {unit}"


def money(amount_vnd: int) -> str:
    """Return an amount in the language of the page: "8.000 đồng", in English "VND 8,000"."""
    return format_vnd(amount_vnd, get_language() or "vi")


def moment(at: dt.datetime) -> str:
    """Return a moment as the law's clock shows it: "12:03, 21/11/2026", in English "21 Nov"."""
    return date_format(clock.local(at), "SHORT_DATETIME_FORMAT")


def since(what: str, at: dt.datetime) -> str:
    """Return what goes on since a moment: "Chờ người dân nhận từ 20/11/2026"."""
    return _("%(what)s từ %(day)s") % {"what": what, "day": day(clock.day(at))}


def day(on: dt.date) -> str:
    """Return a day as people write it: "21/11/2026", in English "21 Nov 2026"."""
    return date_format(on, "SHORT_DATE_FORMAT")
