"""Four officials who look at one inbox each: of one unit, of thirty, of all, of one rare group.

Run as a program of its own inside the measured installation: `python -m bench.desks` makes them,
or knows them again, and prints their sessions as JSON. They hold every role that work waits for,
so that each list is as wide as it can be.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import cast, crowd

ROLES = (
    "one_stop", "head", "specialist", "leader", "clerk", "council_chair", "council_member",
)  # fmt: skip
DESKS = ("one unit", "30 units", "all units", "one rare group in all units")
LEADER = "whole board"
PASSWORD_LENGTH = 20


def read(home: Path) -> dict[str, cast.Person]:
    """Make the officials in an installation and return them by their desk."""
    found = cast.asked_inside(home, "bench.desks")
    return {desk: cast.Person(**one) for desk, one in found.items()}


def _make() -> dict[str, dict[str, str]]:
    from sen.base import clock
    from sen.kernel.organisations import public as organisations

    at = clock.now()
    rows = organisations.units(on=clock.day(at)).order_by("code").values_list("id", "kind")
    province = next(unit for unit, kind in rows if kind == organisations.UnitKind.PROVINCE)
    units = [unit for unit, kind in rows if unit != province][: crowd.UNITS]
    thirty = units[:: len(units) // 30][:30]
    made = (
        _official(0, units[0], scope="own", listed=(), groups=None, at=at),
        _official(1, province, scope="list", listed=thirty, groups=None, at=at),
        _official(2, province, scope="below", listed=(), groups=None, at=at),
        _official(3, province, scope="below", listed=(), groups=[crowd.RARE], at=at),
    )
    return dict(zip(DESKS, made, strict=True))


def _official(  # the shape of a grant
    number: int,
    unit: Any,
    *,
    scope: str,
    listed: Sequence[Any],
    groups: Sequence[str] | None,
    at: dt.datetime,
) -> dict[str, str]:
    from sen.base.actor import COMMAND, Strength
    from sen.base.identifiers import new_secret
    from sen.kernel.access import public as access
    from sen.kernel.identity import public as identity
    from sen.kernel.organisations import public as organisations

    account = identity.account_named(f"hangcho{number}")
    if account is None:
        on = at.date().replace(day=1)
        person = identity.ensure_person(
            COMMAND,
            national_number=f"040085{920000 + number:06d}",
            full_name=f"Lê Đo Tải {cast.GIVEN[number]}",
            birth_date=dt.date(1985, 1, 1),
            phone="0900000000",
            address="Số 1, đường Thử Nghiệm",
            at=at,
        )
        account = identity.add_official(
            COMMAND, username=f"hangcho{number}", person=person, password=f"{new_secret()}aA1!",
            at=at,
        )  # fmt: skip
        position = organisations.add_position(
            COMMAND,
            unit=unit,
            code=f"hangcho{number}",
            title={"vi": "Người đo tải"},
            valid_from=on,
            at=at,
        )
        identity.employ(COMMAND, account=account, position=position.id, valid_from=on, at=at)
        for role in (*(f"public_services.{one}" for one in ROLES), "operations.leader"):
            given = access.NewGrant(
                position=position.id,
                role=role,
                scope=access.Scope(scope),
                units=tuple(listed),
                groups=None if role == "operations.leader" else groups,
                valid_from=on,
            )
            access.grant(COMMAND, grant=given, at=at)
        account.must_change_password = False
        account.save(update_fields=["must_change_password"])
    return {
        "account": str(account.pk),
        "name": account.username,
        "number": "",
        "token": "",
        "session": cast.session(account, Strength.MULTI_FACTOR, at),
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_make(), ensure_ascii=False))
