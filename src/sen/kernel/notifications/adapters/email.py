"""E-mail by SMTP, as the settings say."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from sen.kernel.notifications.adapters import Refused
from sen.kernel.notifications.data import Outgoing

_PERMANENT = 500


def is_configured() -> bool:
    """Tell whether e-mail can be sent from here."""
    return bool(settings.EMAIL_HOST)


def send(message: Outgoing) -> None:
    """Send a message. Raises Refused, OSError where it may work later."""
    letter = EmailMessage(
        subject=message.title,
        body=f"{message.body}\n\n{message.link}\n",
        to=[message.to],
        headers={"Message-ID": f"<{message.id}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"},
    )
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        if all(code >= _PERMANENT for code in codes):
            raise Refused(f"SMTP {codes[0]}") from error
        raise
