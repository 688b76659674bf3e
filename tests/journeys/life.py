"""The cast of the journeys: the demo's people as actors, and the answers of a birth registration."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from uuid import UUID

from django.core.management import call_command
from PIL import Image, ImageDraw

from sen.base import clock
from sen.base.actor import Actor, Channel, Strength
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations

MORNING = dt.datetime(2026, 11, 20, 9, 0, tzinfo=clock.ZONE)
"""A working Friday before 15:00."""


def scan(text: str = "Giấy chứng sinh") -> bytes:
    """Return a scanned paper as PDF, of about the size that phones send."""
    picture = Image.effect_noise((620, 877), 40).convert("RGB")
    ImageDraw.Draw(picture).text((60, 60), text, fill="black")
    target = io.BytesIO()
    picture.save(target, "PDF", quality=20)
    return target.getvalue()


def seed() -> None:
    """Lay down the demo."""
    call_command("seed_demo", verbosity=0)


def official(username: str, channel: Channel = Channel.WEB) -> Actor:
    """Return a demo official in their first position, signed in with two factors."""
    account = identity.account_named(username)
    assert account is not None
    held = identity.employments(account.id, clock.day(MORNING))
    return identity.actor_for(
        account.id,
        position_id=held[0].position_id,
        channel=channel,
        strength=Strength.MULTI_FACTOR,
    )


def citizen(national_number: str = "040093000101") -> Actor:
    """Return a demo citizen, signed in with the second level of the national identity."""
    person = identity.find_person(national_number)
    assert person is not None
    return Actor(
        account=person.id, person=person.id, strength=Strength.LEVEL_2, channel=Channel.WEB
    )


def unit(code: str) -> UUID:
    """Return the id of a unit."""
    return organisations.unit(code, clock.day(MORNING)).id


def answers(**changes: Any) -> dict[str, Any]:
    """Return the answers of a plain case: born in a hospital, parents married."""
    return {
        "requester_full_name": "Nguyễn Văn Thử",
        "requester_number": "040093000101",
        "requester_relation": "father",
        "requester_phone": "0912345678",
        "requester_residence": {"line": "Số 1, đường Thử Nghiệm", "code": "16690"},
        "child_birth_date": "2026-11-01",
        "birth_place_kind": "facility",
        "birth_facility_name": "Bệnh viện Sản Nhi Giả Định",
        "birth_facility_area": "16690",
        "child_full_name": "Nguyễn An Thử",
        "child_sex": "male",
        "child_ethnicity": "kinh",
        "child_nationality": "Việt Nam",
        "child_home_town": "16690",
        "mother_full_name": "Trần Thị Mẫu",
        "mother_birth_date": "1995-03-08",
        "mother_number": "040195000102",
        "mother_ethnicity": "kinh",
        "mother_nationality": "Việt Nam",
        "mother_residence": {"line": "Số 1, đường Thử Nghiệm", "code": "16690"},
        "parents_married": True,
        "marriage_certificate_number": "12/2024",
        "father_full_name": "Nguyễn Văn Thử",
        "father_birth_date": "1993-02-14",
        "father_number": "040093000101",
        "father_ethnicity": "kinh",
        "father_nationality": "Việt Nam",
        "father_residence": {"line": "Số 1, đường Thử Nghiệm", "code": "16690"},
        "extract_copies": 2,
        "result_delivery": "electronic",
        "truth_declared": True,
        **changes,
    }
