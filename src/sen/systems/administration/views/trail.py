"""The page of the audit trail: look lines up, and hold the whole trail against its seals."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sen.base import clock
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.systems.administration import forms, permissions
from sen.systems.administration.tables import records as tables
from sen.systems.administration.views.frame import desk, render
from sen.web.middleware import SenRequest

PAGE = 50
DAYS = 7
"""How many days are looked through where nobody says more."""


@require_http_methods(["GET", "POST"])
@desk(permissions.TRAIL)
def trail(request: SenRequest) -> HttpResponse:
    """Show lines of the trail; asked to, hold every line against its seal."""
    today = clock.day(clock.now())
    form = forms.TrailForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    last = said.get("last") or today
    first = said.get("first") or last - dt.timedelta(days=DAYS - 1)
    rows, is_known = _rows(request, said, first, last)
    report = audit.verify() if request.method == "POST" else None
    oldest = str(rows[PAGE - 1].id) if len(rows) > PAGE else ""
    more = urlencode({**request.GET.dict(), "truoc": oldest}) if oldest else ""
    return render(
        request,
        "trail",
        "trail",
        {
            "form": form,
            "form_is_open": bool(form.errors) or not rows,
            "rows": tables.trail_rows(rows[:PAGE]),
            "is_known": is_known,
            "first": first,
            "last": last,
            "report": report,
            "columns": tables.columns(
                _("Lúc"), _("Việc"), _("Bản ghi"), _("Người làm"), _("Lý do"), _("Mục thay đổi")
            ),
            "next_href": f"?{more}" if more else "",
        },
        status=422 if form.errors else 200,
    )


def _rows(
    request: SenRequest, said: dict[str, object], first: dt.date, last: dt.date
) -> tuple[list[audit.Entry], bool]:
    """Return the lines asked for, and whether the account asked for is known."""
    name = str(said.get("account") or "")
    account = identity.account_named(name) if name else None
    if name and account is None:
        return [], False
    try:
        before = UUID(request.GET.get("truoc", ""))
    except ValueError:
        before = None
    rows = audit.find(
        since=clock.moment(first),
        until=clock.moment(last + dt.timedelta(days=1)),
        code=str(said.get("code") or ""),
        account=account.pk if account else None,
        limit=PAGE + 1,
        before=before,
    )
    return rows, True
