"""What the account pages show, shaped for the components."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor, Strength
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.account import queries
from sen.systems.account.data import DEMO_PASSWORD
from sen.web import wording
from sen.web.data import Fact, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One line of the list of devices. ends: what the button sends."""

    name: str
    address: str
    started_at: dt.datetime
    last_seen_at: dt.datetime
    is_here: bool
    ends: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One line of the list of passkeys. used: when last, empty if never."""

    id: int
    name: str
    added: str
    used: str


def devices(sessions: Sequence[identity.Session], here: UUID) -> list[Device]:
    """Return the sessions as people recognise them, this one first."""
    listed = [
        Device(
            name=queries.agent_name(one.agent),
            address=one.address or "",
            started_at=one.started_at,
            last_seen_at=one.last_seen_at,
            is_here=one.pk == here,
            ends=str(one.pk),
        )
        for one in sessions
    ]
    return sorted(listed, key=lambda one: not one.is_here)


def second_step(waiting: identity.Pending, at: dt.datetime) -> dict[str, Any]:
    """Return what the page of the second factor shows: which ways there are.

    A demo shows the code and fills it in; nothing of it outside a demo.
    """
    shown = identity.current_totp(identity.account(waiting.account), at=at)
    factors = identity.second_factors(waiting.account)
    return {
        "shown": shown,
        "typed": shown.code if shown and not shown.is_used else "",
        "has_passkey": bool(factors.passkeys),
        "has_recovery_codes": factors.codes_left is not None,
    }


def used_code_text(account: UUID) -> str:
    """Say that a recovery code is used up, and how many are left."""
    left = identity.second_factors(account).codes_left or 0
    return ngettext(
        "Mã dự phòng vừa dùng không còn giá trị. Bạn còn %(count)d mã.",
        "Mã dự phòng vừa dùng không còn giá trị. Bạn còn %(count)d mã.",
        left,
    ) % {"count": left}


def security(session: identity.Session, at: dt.datetime) -> dict[str, Any]:
    """Return what the page of one's own factors shows; one SELECT beside the session."""
    account = session.account
    factors = identity.second_factors(account.pk) if account else None
    return {
        "factors": factors,
        "is_recent": identity.is_recent(session, at=at),
        "keys": [
            Key(
                id=one.id,
                name=one.name,
                added=wording.moment(one.created_at),
                used=wording.moment(one.last_used_at) if one.last_used_at else "",
            )
            for one in (factors.passkeys if factors else ())
        ],
        "app_since": wording.moment(factors.app_since) if factors and factors.app_since else "",
    }


def in_fours(text: str) -> str:
    """Return a secret in groups of four, as it is read out and typed."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def acting_text(is_for_another: bool) -> str:  # noqa: FBT001 - one fact, asked once
    """Say for whom the person acts from now on."""
    if is_for_another:
        return _("Bạn đang thực hiện thay cho người được đại diện.")
    return _("Bạn đang thực hiện cho chính mình.")


def strength_text(strength: Strength) -> str:
    """Say how the person was recognised."""
    texts = {
        Strength.LEVEL_1: _("Định danh điện tử mức độ 1"),
        Strength.LEVEL_2: _("Định danh điện tử mức độ 2"),
        Strength.MULTI_FACTOR: _("Xác thực hai lớp"),
    }
    return texts.get(strength, _("Chưa xác thực"))


def profile(
    session: identity.Session, account: identity.Account, person: identity.Person, actor: Actor
) -> dict[str, Any]:
    """Return what the profile page shows; two SELECTs beside the session."""
    on = clock.day(clock.now())
    represented = identity.representations(person.pk, on) if account.is_citizen else []
    return {
        "name": person.full_name,
        "facts": [one for one in _person_facts(person) if one.value or account.is_citizen],
        "sign_in_facts": [
            Fact(label=_("Cách đăng nhập"), value=strength_text(Strength(session.strength))),
            Fact(label=_("Đăng nhập lúc"), value=wording.moment(session.started_at)),
        ],
        "account": account,
        "can_step_up": account.is_citizen and session.strength < Strength.LEVEL_2,
        "positions": _positions(account, on),
        "position": str(actor.position or ""),
        "represented": _represented(represented),
        "representation": str(session.representation_id or ""),
    }


def _person_facts(person: identity.Person) -> list[Fact]:
    return [
        Fact(label=_("Số định danh"), value=queries.masked(identity.national_number(person))),
        Fact(label=_("Ngày sinh"), value=_day(person.birth_date)),
        Fact(label=_("Điện thoại"), value=person.phone),
        Fact(label=_("Thư điện tử"), value=person.email),
    ]


def _day(day: dt.date | None) -> str:
    return wording.day(day) if day else ""


def _positions(account: identity.Account, on: dt.date) -> list[Option]:
    if not account.is_official:
        return []
    language = get_language() or "vi"
    held = identity.employments(account.pk, on)
    names = organisations.unit_names([one.position.unit_id for one in held], on, language)
    return [
        Option(
            value=str(one.position_id),
            label=organisations.text_of(one.position.title, language),
            hint=names.get(one.position.unit_id, ""),
        )
        for one in held
    ]


def _represented(found: Sequence[identity.Representation]) -> list[Option]:
    if not found:
        return []
    return [
        Option(value="", label=_("Cho chính mình")),
        *(
            Option(
                value=str(one.pk),
                label=_represented_name(one),
                hint=one.get_kind_display(),
            )
            for one in found
        ),
    ]


def _represented_name(one: identity.Representation) -> str:
    if one.person is not None:
        return one.person.full_name
    return one.enterprise.name if one.enterprise is not None else ""


def demo() -> dict[str, Any]:
    """Return what the demo page shows."""
    on = clock.day(clock.now())
    return {"groups": queries.demo_groups(on), "password": DEMO_PASSWORD}
