"""What a package with faults would bring."""

from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

BROKEN = "handler-is-broken"
"""While a file of this name lies in the home, the handler fails."""


class FaultyConfig(AppConfig):
    name = "tests.storms.faulty"
    label = "faulty"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        from sen.kernel.events import public as events
        from sen.systems.public_services.events import DossierReceived
        from tests.storms.faulty import jobs

        assert jobs.POISON
        events.register_handlers(
            events.Handler(event=DossierReceived, name="faulty.always_fails", handle=fail)
        )


def fail(_delivery: object) -> None:
    if (settings.HOME / BROKEN).exists():
        raise RuntimeError("this handler always fails")
