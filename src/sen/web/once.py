"""One-time keys of pages: a form sent twice, or twenty times at once, does its act once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import transaction

from sen.base.identifiers import new_secret
from sen.kernel.access import public as access
from sen.web.middleware import SenRequest

FIELD = "once"
"""The hidden field of a form that carries its key; the same form keeps it when it comes back."""


def new_key() -> str:
    """Return a key for a form about to be shown."""
    return new_secret()


def once(request: SenRequest, run: Callable[[], str]) -> str:
    """Do what a form asks for, once; return what it gave, or gave the first time.

    run: does the act and returns a short text, such as the code of what was made. Without a key in
    the form the act is simply done. Raises what `run` raises; then the key is free again.
    """
    key = request.POST.get(FIELD, "")
    if not key or request.actor.account is None:
        return run()
    with transaction.atomic():
        claim = access.once(request.actor, key, _digest(request))
        if claim.answer is not None:
            return str(claim.answer.body["gave"])
        gave = run()
        claim.keep(303, {"gave": gave})
    return gave


def _digest(request: SenRequest) -> bytes:
    """Return a digest of everything that was sent, but for what the browser adds by itself."""
    sent = sorted(
        (name, values)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", FIELD}
    )
    return hashlib.sha256(repr((request.path, sent)).encode()).digest()
