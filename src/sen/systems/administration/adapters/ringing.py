"""Telling whoever watches over an installation: by mail, by a webhook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import requests
from django.core.mail import EmailMessage

TIMEOUT = 10


def by_mail(recipients: Sequence[str], *, subject: str, text: str) -> None:
    """Send one letter. Raises OSError, SMTPException."""
    EmailMessage(subject=subject, body=text, to=list(recipients)).send()


def by_webhook(
    url: str, *, text: str, changes: Sequence[Mapping[str, object]], at: dt.datetime
) -> None:
    """Post what changed as JSON; `text` is what chat services show. Raises RequestException."""
    said = {"text": text, "at": at.isoformat(), "alarms": list(changes)}
    requests.post(url, json=said, timeout=TIMEOUT, allow_redirects=False).raise_for_status()
