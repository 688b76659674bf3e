"""The people of the storms, made inside the installation.

`python -m tests.storms.crew people N` prints N citizens and all officials, `draft ACCOUNT` the id
of a draft of a citizen, ready to be submitted.

Officials act by bearer token; citizens by a session, for a dossier asks for their sign-in with the
national identity. How they sign in has its own journeys; here the kernel's verbs do it.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any

ROLES = {
    "one_stop": "motcua",
    "head": "chanhvanphong",
    "specialist": "hotich",
    "chair": "chutich",
    "clerk": "vanthu",
}
SCOPES = [
    *("dossiers:read", "dossiers:file", "dossiers:act", "files:read", "files:write"),
    *("tasks:read", "tasks:act"),
]
NAMES = (
    "An",
    "Bình",
    "Cường",
    "Dũng",
    "Giang",
    "Hải",
    "Khang",
    "Lâm",
    "Minh",
    "Nam",
    "Phúc",
    "Sơn",
)
PLACES = {"truongvinh": "H41.9.11.1", "daidong": "H41.9.12.1"}


def make(citizens: int) -> dict[str, Any]:
    """Return officials by commune and role, and citizens, with what they show at the door."""
    return {
        "officials": {
            place: {role: official(f"{name}.{place}") for role, name in ROLES.items()}
            for place in PLACES
        },
        "citizens": [citizen(number) for number in range(citizens)],
    }


def official(username: str) -> dict[str, str]:
    from sen.base import clock
    from sen.base.actor import COMMAND
    from sen.kernel.identity import public as identity

    at = clock.now()
    account = identity.account_named(username)
    assert account is not None
    assert account.person is not None
    _token, secret = identity.create_token(
        COMMAND,
        owner=account,
        name="storm",
        scopes=SCOPES,
        expires_at=at + dt.timedelta(days=1),
        at=at,
    )
    return {"account": str(account.pk), "name": account.person.full_name, "token": secret}


def citizen(number: int) -> dict[str, str]:
    from sen.base import clock
    from sen.base.actor import COMMAND
    from sen.kernel.identity import public as identity
    from sen.kernel.identity.services.accounts import new_citizen

    at = clock.now()
    digits = f"040090{700000 + number:06d}"
    person = identity.ensure_person(
        COMMAND,
        national_number=digits,
        full_name=f"Nguyễn Bão {NAMES[number]}",
        birth_date=dt.date(1990, 1, 1),
        phone="0900000000",
        address="Số 1, đường Thử Nghiệm",
        at=at,
    )
    account = identity.citizen_account(person.pk) or new_citizen(person, at=at)
    return {
        "account": str(account.pk),
        "name": person.full_name,
        "number": digits,
        "session": session(account, at),
    }


def draft(account: str) -> str:
    """Return the id of a complete draft, as its address has it."""
    from uuid import UUID

    from sen.base import clock, identifiers
    from sen.base.actor import Strength
    from sen.kernel.files import public as files
    from sen.kernel.forms import public as forms
    from sen.kernel.identity import public as identity
    from sen.systems.public_services.queries import catalogue
    from tests.journeys import cast, life

    at = clock.now()
    actor = identity.actor_for(UUID(account), strength=Strength.LEVEL_2)
    person = identity.person(actor.person)
    case = catalogue.current_case("1.001193", "thong_thuong", on=clock.day(at))
    held = forms.start_draft(
        actor,
        start=forms.DraftStart(
            kind="public_services.filing",
            subject="1.001193",
            case="thong_thuong",
            form_version=case.form_version_id,
        ),
        at=at,
    )
    who = {"full_name": person.full_name, "number": identity.national_number(person)}
    said = {
        **cast.CHILD,
        **{f"requester_{name}": text for name, text in who.items()},
        **{f"father_{name}": text for name, text in who.items()},
        "father_birth_date": "01/01/1990",
    }
    page, version = held.page, held.version
    while page is not None:
        saved = forms.save_page(actor, draft=held.id, page=page, raw=said, version=version, at=at)
        assert not saved.errors, saved.errors
        page, version = saved.next, saved.version
    paper = files.take(actor, "giay-chung-sinh.pdf", life.scan())
    papers = {"giay_chung_sinh": [{"file": str(paper.id)}]}
    forms.save_papers(
        actor, draft=held.id, papers=papers, version=version, at=at + dt.timedelta(seconds=1)
    )
    return identifiers.to_base32(held.id)


def session(account: Any, at: dt.datetime) -> str:
    from django.http import HttpRequest

    from sen.base.actor import Strength
    from sen.kernel.identity.adapters.sessions import SessionStore
    from sen.kernel.identity.services import door

    request = HttpRequest()
    request.META = {"REMOTE_ADDR": "127.0.0.1", "HTTP_USER_AGENT": "storm"}
    store: Any = SessionStore()
    request.session = store
    door.complete(request, account, strength=Strength.LEVEL_2, at=at)
    store.save()
    return str(store.session_key)


if __name__ == "__main__":
    import django

    django.setup()
    word, argument = sys.argv[1:]
    said = make(int(argument)) if word == "people" else draft(argument)
    print(json.dumps(said, ensure_ascii=False))
