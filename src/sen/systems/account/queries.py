"""The reads of the account pages."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from importlib import resources
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.kernel.forms.public import PrefillContext
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.account.data import (
    DemoCitizen,
    DemoEntry,
    DemoGroup,
    DemoOfficial,
    DemoPlace,
)


@cache
def seeded() -> dict[str, Any]:
    """Return the invented people as `seed/people.json` lists them."""
    found = resources.files("sen.systems.account") / "seed" / "people.json"
    return dict(json.loads(found.read_text(encoding="utf-8")))


def demo_citizens() -> list[DemoCitizen]:
    """Return the invented citizens."""
    return [
        DemoCitizen(
            hint=one["hint"],
            full_name=one["full_name"],
            national_number=one["national_number"],
            note=one["note"],
        )
        for one in seeded()["citizens"]
    ]


def demo_officials() -> list[DemoOfficial]:
    """Return the invented officials."""
    return [
        DemoOfficial(
            username=one["username"],
            full_name=one["full_name"],
            national_number=one["national_number"],
            places=[DemoPlace(**place) for place in one["places"]],
        )
        for one in seeded()["officials"]
    ]


def demo_groups(on: dt.date) -> list[DemoGroup]:
    """Return the lines of the demo page: citizens, then officials by commune and province."""
    language = get_language() or "vi"
    citizens = [
        DemoEntry(full_name=one.full_name, what=one.note, citizen=one.hint)
        for one in demo_citizens()
    ]
    units = {unit.code: unit for unit in organisations.units(on=on)}
    names = organisations.unit_names([unit.pk for unit in units.values()], on, language)
    titles = {
        (position.unit_id, position.code): organisations.text_of(position.title, language)
        for position in organisations.Position.objects.filter(
            unit__in=[unit.pk for unit in units.values()]
        )
    }
    groups: dict[str, list[DemoEntry]] = {}
    for one in demo_officials():
        first = units.get(one.places[0].unit)
        if first is None:
            continue
        commune = units[".".join(first.code.split(".")[:3])]
        what = "; ".join(
            titles.get((units[place.unit].pk, place.position), place.position)
            for place in one.places
        )
        entry = DemoEntry(full_name=one.full_name, what=what, username=one.username)
        groups.setdefault(names[commune.pk], []).append(entry)
    return [
        DemoGroup(title=_("Người dân"), entries=citizens),
        *(DemoGroup(title=title, entries=entries) for title, entries in groups.items()),
    ]


def masked(number: str) -> str:
    """Return a national number of which only the ends are shown."""
    return f"{number[:3]} ••• ••• {number[-3:]}" if number else ""


def agent_name(agent: str) -> str:
    """Return what people call the browser and device of a session, from its own description."""
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"),
                ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
    devices = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
               ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip
    browser = next((name for mark, name in browsers if mark in agent), "")
    device = next((name for mark, name in devices if mark in agent), "")
    return " · ".join(part for part in (browser, device) if part) or _("Thiết bị không rõ")


def known_person(actor: Actor, _context: PrefillContext) -> dict[str, Any]:
    """Return what the sign-in says of whoever fills in a form, by the names forms ask for."""
    return _facts(identity.person(actor.person)) if actor.person else {}


def known_spouse(actor: Actor, _context: PrefillContext) -> dict[str, Any]:
    """Return what is known of the spouse of whoever fills in a form, nothing if none is known."""
    spouse = identity.spouse(actor.person) if actor.person else None
    return _facts(spouse) if spouse else {}


def _facts(person: identity.Person) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "full_name": person.full_name,
        "national_number": identity.national_number(person),
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "phone": person.phone or None,
        "email": person.email or None,
        "nationality": "Việt Nam" if person.national_number_sealed else None,
    }
    if person.address and person.area:
        facts["address"] = {"line": person.address, "code": person.area.code}
    return facts
