"""SMS through a gateway over HTTP: POST `{"to", "text"}`, answered by 2xx."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests
from django.conf import settings

from sen.base import tracing
from sen.kernel.notifications.adapters import Refused
from sen.kernel.notifications.data import Outgoing

TIMEOUT_SECONDS = 10
LONGEST = 480
"""Characters of a text with Vietnamese marks in at most eight parts."""


def is_configured() -> bool:
    """Tell whether SMS can be sent from here."""
    return bool(settings.SMS_URL)


def send(message: Outgoing) -> None:
    """Send a message. Raises Refused, OSError where it may work later."""
    headers = {"Idempotency-Key": str(message.id)}
    if settings.SMS_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
    with tracing.call("POST", urlsplit(settings.SMS_URL).hostname) as span:
        answer = requests.post(
            settings.SMS_URL,
            json={"to": message.to, "text": message.body[:LONGEST]},
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        span.tell(http__response__status_code=answer.status_code)
    if answer.ok and not answer.is_redirect:
        return
    if answer.status_code in {400, 404, 410, 413, 422}:
        raise Refused(f"HTTP {answer.status_code}")
    raise OSError(f"HTTP {answer.status_code}")
