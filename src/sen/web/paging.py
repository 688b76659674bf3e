"""Where the next page of a list begins: an opaque cursor made from the last row's sort keys."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sen.base.errors import Invalid


class BadCursor(Invalid):
    """A cursor that no page of this list gave."""

    code = "bad_cursor"
    default = _("Không đọc được vị trí trang. Hãy mở lại danh sách từ đầu.")  # type: ignore[assignment]  # lazily translated text


def encode(*keys: object) -> str:
    """Return the cursor of a row with these sort keys."""
    text = json.dumps([str(key) for key in keys], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, *, keys: int) -> tuple[str, ...] | None:
    """Return the sort keys in a cursor, None for no cursor. Raises BadCursor."""
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        found = json.loads(text)
    except ValueError as error:
        raise BadCursor from error
    if not isinstance(found, list) or len(found) != keys:
        raise BadCursor
    if not all(isinstance(one, str) for one in found):
        raise BadCursor
    return tuple(found)


def href(request: HttpRequest, changes: Mapping[str, str]) -> str:
    """Return this page's address with some parameters changed; an empty value takes one out."""
    query = request.GET.copy()
    for key, value in changes.items():
        query[key] = value
        if not value:
            del query[key]
    text = urlencode([(key, one) for key, values in query.lists() for one in values])
    return f"{request.path}?{text}" if text else request.path
