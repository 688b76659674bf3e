"""When another system is asked again where a dossier is."""

from __future__ import annotations

import datetime as dt

_OFTEN, _HOURLY = dt.timedelta(hours=1), dt.timedelta(days=1)


def next_look(*, sent_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return when to ask next: each minute for an hour, each ten for a day, then each hour.

    Nguồn: Nghị định 224/2026/NĐ-CP, Điều 15 khoản 1 điểm g, h (trạng thái được cập nhật kịp thời).
    """
    since = now - sent_at
    if since < _OFTEN:
        return now + dt.timedelta(minutes=1)
    return now + (dt.timedelta(minutes=10) if since < _HOURLY else dt.timedelta(hours=1))
