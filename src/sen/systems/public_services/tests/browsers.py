"""Somebody at a browser, signed in without the ways of signing in: those are `account`'s to test."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.module_loading import import_string

from sen.base import clock
from sen.base.actor import Actor, Strength
from sen.kernel.identity import public as identity
from sen.kernel.identity.services import door
from sen.kernel.identity.tests.factories import AccountFactory


def browser(actor: Actor) -> Client:
    """Return a browser in which an actor is signed in, as strongly as pages ask for."""
    request = RequestFactory().get("/")
    session: SessionBase = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    request.session = session
    account = identity.Account.objects.filter(pk=actor.account).first() or AccountFactory(
        id=actor.account, person_id=actor.person
    )
    strength = Strength.MULTI_FACTOR if actor.is_official else Strength.LEVEL_2
    door.complete(request, account, strength=strength, at=clock.now())
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def text(answer: Any) -> str:
    """Return what a page says, its blanks drawn together."""
    page: HttpResponse = answer
    return re.sub(r"\s+", " ", page.content.decode())
