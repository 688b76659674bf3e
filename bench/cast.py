"""The people of a run: the demo's officials by bearer token, invented citizens by session.

How they sign in is not what is measured, so tokens and sessions are made by the kernel's own verbs
and not over HTTP. Run as a program of its own inside the measured installation:
`python -m bench.cast N` prints them as JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

ROLES = {
    "one_stop": "motcua",
    "head": "chanhvanphong",
    "specialist": "hotich",
    "chair": "chutich",
    "clerk": "vanthu",
}
PLACES = {"truongvinh": "H41.9.11.1", "daidong": "H41.9.12.1"}
"""The communes that have officials in the demo, with the code of their service centre."""
LEADER = "chutich.nghean"
GIVEN = (
    "An", "Bình", "Chi", "Dung", "Giang", "Hà", "Hiếu", "Khánh", "Lan", "Mai",
    "Nam", "Oanh", "Phúc", "Quân", "Sơn", "Thảo", "Uyên", "Việt", "Xuân", "Yến",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody who acts. token: for the API; session: for pages, and for citizens always."""

    account: str
    name: str
    number: str
    token: str
    session: str


NOBODY = Person(account="", name="", number="", token="", session="")


@dataclass(frozen=True)
class Cast:
    """Officials by commune and role, service centres by commune, citizens; the province's chair.

    nobody: whoever has not signed in.
    """

    officials: dict[str, dict[str, Person]]
    centres: dict[str, str]
    citizens: list[Person]
    leader: Person
    nobody: Person = NOBODY


def read(home: Path, citizens: int) -> Cast:
    """Make the people of a run in an installation and return them."""
    found = asked_inside(home, "bench.cast", str(citizens))
    return Cast(
        officials={
            place: {role: Person(**one) for role, one in roles.items()}
            for place, roles in found["officials"].items()
        },
        centres=found["centres"],
        citizens=[Person(**one) for one in found["citizens"]],
        leader=Person(**found["leader"]),
    )


def asked_inside(home: Path, program: str, *words: str) -> Any:
    """Run a program inside an installation and return what it prints as JSON."""
    told = {**os.environ, "SEN_HOME": str(home), "SEN_DEMO": "1"}
    told |= {"DJANGO_SETTINGS_MODULE": "sen.config.settings"}
    told.pop("DATABASE_URL", None)
    root = Path(__file__).resolve().parents[1]
    told["PYTHONPATH"] = f"{root / 'src'}{os.pathsep}{root}"
    run = subprocess.run(
        [sys.executable, "-m", program, *words],
        env=told,
        cwd=root,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(run.stdout)


def _make(citizens: int) -> Cast:
    from sen.base import clock

    at = clock.now()
    return Cast(
        officials={
            place: {role: _official(f"{name}.{place}", at) for role, name in ROLES.items()}
            for place in PLACES
        },
        centres=PLACES,
        citizens=[_citizen(number, at) for number in range(citizens)],
        leader=_official(LEADER, at),
    )


def _official(username: str, at: dt.datetime) -> Person:
    from sen.kernel.identity import public as identity

    account = identity.account_named(username)
    if account is None or account.person is None:
        raise SystemExit(f"no account {username}: is this a demo?")
    return official_of(account.pk, at)


def official_of(account_id: UUID, at: dt.datetime) -> Person:
    """Return an official with a token for the API and a session for pages, in the installation."""
    from sen.base.actor import COMMAND, Strength
    from sen.kernel.identity import public as identity

    account = identity.account(account_id)
    _token, secret = identity.create_token(
        COMMAND,
        owner=account,
        name="bench",
        scopes=["dossiers:read", "dossiers:file", "dossiers:act", "files:write"],
        expires_at=at + dt.timedelta(days=1),
        at=at,
    )
    return Person(
        account=str(account.pk),
        name=account.person.full_name if account.person else "",
        number="",
        token=secret,
        session=session(account, Strength.MULTI_FACTOR, at),
    )


def _citizen(number: int, at: dt.datetime) -> Person:
    """Return an invented father, known again in the next run by his national number."""
    from sen.base.actor import COMMAND, Strength
    from sen.kernel.identity import public as identity
    from sen.kernel.identity.services.accounts import new_citizen

    digits = f"040090{910000 + number:06d}"
    person = identity.ensure_person(
        COMMAND,
        national_number=digits,
        full_name=f"Nguyễn Đo Tải {GIVEN[number // 20 % 20]} {GIVEN[number % 20]}",
        birth_date=dt.date(1990, 1, 1),
        phone="0900000000",
        address="Số 1, đường Thử Nghiệm",
        at=at,
    )
    account = identity.citizen_account(person.pk) or new_citizen(person, at=at)
    return Person(
        account=str(account.pk),
        name=person.full_name,
        number=digits,
        token="",
        session=session(account, Strength.LEVEL_2, at),
    )


def session(account: object, strength: int, at: dt.datetime) -> str:
    """Sign an account in and return the key of its session."""
    from django.http import HttpRequest

    from sen.base.actor import Strength
    from sen.kernel.identity.adapters.sessions import SessionStore
    from sen.kernel.identity.services import door

    request = HttpRequest()
    request.META = {"REMOTE_ADDR": "127.0.0.1", "HTTP_USER_AGENT": "bench"}
    store: Any = SessionStore()
    request.session = store
    known: Any = account
    door.complete(request, known, strength=Strength(strength), at=at)
    store.save()
    return str(store.session_key)


def new_csrf() -> str:
    """Return a token against forged requests, as cookie and header both carry it."""
    return secrets.token_hex(16)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(asdict(_make(int(sys.argv[1]))), ensure_ascii=False))
