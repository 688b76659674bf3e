"""The cursor of a list of tasks: where a page ended."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

from sen.base.errors import Invalid
from sen.base.identifiers import from_base32, to_base32

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last task of a page: lists run by (standing still, date, id)."""

    is_paused: bool
    sort_at: dt.datetime
    id: UUID

    def write(self) -> str:
        """Return the cursor as text for an address."""
        micros = (self.sort_at - _EPOCH) // _MICROSECOND
        return f"{int(self.is_paused)}-{micros}-{to_base32(self.id)}"


def read_cursor(text: str) -> Cursor:
    """Return the cursor written by `Cursor.write`. Raises Invalid for anything else."""
    found = re.fullmatch(r"([01])-(-?[0-9]{1,18})-([a-z2-7]{26})", text)
    if found is None:
        message = "Trang danh sách không hợp lệ. Vui lòng mở lại danh sách."
        raise Invalid(message, fields={"after": [message]})
    moment = _EPOCH + int(found[2]) * _MICROSECOND
    return Cursor(found[1] == "1", moment, from_base32(found[3]))
