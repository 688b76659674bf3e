"""National holidays and swapped days of a year, from the `holidays` package.

Only the command that enters a year asks it: no legal date is computed from it at run time.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sen.kernel.calendar.choices import DayKind, Standing
from sen.kernel.calendar.data import DayEntry

if TYPE_CHECKING:
    import holidays

_LAW = "Bộ luật Lao động 45/2019/QH14, Điều 112 khoản 1"
_IN_LIEU = "Bộ luật Lao động 45/2019/QH14, Điều 111 khoản 3 (nghỉ bù)"
_SWAP = "Thông báo hằng năm về nghỉ lễ, tết và hoán đổi ngày làm việc"
_CULTURE_DAY = "Nghị quyết 28/2026/QH16 (Ngày Văn hóa Việt Nam, hiệu lực từ 01/7/2026)"


def national_days(year: int, *, standing: Standing) -> tuple[DayEntry, ...]:
    """Return the national days of a year, in order.

    standing: how sure the yearly notice is that fixes the days around Tết and the National Day.
    """
    import holidays  # only the command that enters a year needs it

    vietnamese = holidays.country_holidays("VN", years=year, language="vi")
    english = holidays.country_holidays("VN", years=year, language="en_US")
    days = [
        DayEntry(
            on=on,
            kind=DayKind.HOLIDAY,
            title={"vi": name, "en": english[on]},
            source=_source(english[on]),
            standing=standing,
        )
        for on, name in vietnamese.items()
    ]
    days += [
        DayEntry(
            on=on,
            kind=DayKind.WORKING,
            title={"vi": "Ngày làm bù", "en": "Compensatory working day"},
            source=_SWAP,
            standing=standing,
        )
        for on in _swapped(vietnamese, year)
    ]
    return tuple(sorted(days, key=lambda day: day.on))


def _swapped(found: holidays.HolidayBase, year: int) -> list[dt.date]:
    return sorted(day for day in found.weekend_workdays if day.year == year)


def _source(name: str) -> str:
    if "Cultural" in name:
        return _CULTURE_DAY
    if "observed" in name:
        return _IN_LIEU
    return _SWAP if "substituted" in name else _LAW
