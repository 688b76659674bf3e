"""Filling in a draft as a person would: only what nothing filled in is typed."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import make_server

from sen.base.actor import Actor
from sen.kernel.forms import public as forms
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import drafts
from sen.systems.public_services.services.drafting import begin_draft
from simulators.__main__ import Quiet, Server
from simulators.registries.site import TITLES, Registries
from simulators.site import application

SECRET = "bi-mat-thu"


@contextmanager
def standing_in(settings: Any, *, slow_seconds: float = 6) -> Iterator[Registries]:
    """Serve the stand-ins on loopback and point Sen at them."""
    stand_in = Registries(account="sen", secret=SECRET, slow_seconds=slow_seconds)
    site = application({"registries": stand_in})
    with make_server("127.0.0.1", 0, site, Server, Quiet) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{serving.server_port}/registries"
        settings.REGISTRIES = {name.replace("-", "_"): f"{base}/{name}" for name in TITLES}
        settings.REGISTRIES_SECRET = SECRET
        yield stand_in
        serving.shutdown()


def _sent(value: Any) -> Any:
    """Return what a page sends of a value it shows: of a place the words, without its code."""
    if isinstance(value, dict):
        return {key: said for key, said in value.items() if key != "code"}
    return value


def filled(
    actor: Actor, case: Case, answers: Mapping[str, Any], *, at: dt.datetime
) -> tuple[forms.Draft, list[str]]:
    """Return a draft of a case with every page filled in, and the questions that were typed.

    answers: what the person would say, used only where nothing is filled in and it is asked.
    """
    held = begin_draft(actor=actor, case=case, at=at)
    form, typed = forms.form(held.form_version), list[str]()
    page: str | None = form.page_keys[0]
    while page is not None:
        raw: dict[str, Any] = {}
        for _turn in range(20):
            known = drafts.known(actor, held, page, at=at)
            raw = {key: _sent(one.value) for key, one in known.items()} | raw
            saved = forms.save_page(
                actor, draft=held.id, page=page, raw=raw, version=held.version, at=at, prefill=known
            )
            held = forms.draft(actor, held.id)
            if not saved.errors:
                break
            typed += saved.errors
            raw |= {key: answers[key] for key in saved.errors}
        assert not saved.errors, saved.errors
        page = saved.next
    return held, typed
