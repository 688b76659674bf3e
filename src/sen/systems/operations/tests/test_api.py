"""The board by API: the same numbers under the same right."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from sen.base.actor import SYSTEM
from sen.kernel.identity import public as identity
from sen.systems.operations.tests import factories as f
from sen.systems.operations.tests.factories import NOW
from sen.systems.public_services import public as services

WARD, FAR = "H41.9.11", "H41.9.12"
HERE = "/api/v1/operations"


def program(username: str, *scopes: str) -> Client:
    """A client that carries a token of an official."""
    account = identity.account_named(username)
    _token, secret = identity.create_token(
        SYSTEM,
        owner=account,
        name="Thử",
        scopes=list(scopes or ("operations:read",)),
        expires_at=NOW + dt.timedelta(days=9),
        at=NOW,
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def chair(province) -> Client:
    return program("chutich.nghean")


@pytest.mark.parametrize("path", ["/figures", "/board", f"/places/{WARD}", "/dossiers"])
def test_the_right_and_the_scope_are_asked(province, path):
    answers = [
        one.get(HERE + path).status_code
        for one in (
            Client(),
            program("vanthu.truongvinh"),
            program("chutich.nghean", "tasks:read"),
            program("chutich.nghean"),
        )
    ]

    assert answers == [401, 403, 403, 200]


def test_figures_are_told_with_how_they_are_counted(chair):
    told = {one["code"]: one for one in chair.get(f"{HERE}/figures").json()}

    for one in services.FIGURES:
        assert told[one.code] == {
            "code": one.code,
            "title": str(one.title),
            "unit_of_measure": str(one.unit_of_measure),
            "counted": str(one.counted),
            "source": str(one.source),
        }


def test_the_board_is_told_the_worst_first(chair):
    f.late(WARD, by=3)
    f.settled(FAR, at=f.days(-1))

    told = chair.get(f"{HERE}/board?term=month").json()

    assert (told["first"], told["last"]) == ("2026-11-01", "2026-11-20")
    assert [one["code"] for one in told["places"]][:1] == [WARD]
    assert told["total"] == {
        "late": 1, "due_today": 0, "due_this_week": 0, "waiting": 0, "paused": 0, "open": 1,
        "received": 2, "settled": 1, "settled_late": 0, "on_time_pct": 100.0,
        "late_since": "2026-11-17T02:00:00Z",
    }  # fmt: skip
    assert told["months"][-1] == {
        "month": "2026-11-01", "received": 2, "settled": 1, "settled_late": 0,
    }  # fmt: skip
    assert chair.get(f"{HERE}/board?term=ever").status_code == 422


def test_a_place_is_told_with_its_holders(chair):
    f.late(WARD, by=3, step="sign")

    told = chair.get(f"{HERE}/places/{WARD}").json()

    assert (told["place"]["name"], told["place"]["late"]) == ("UBND phường Trường Vinh", 1)
    assert told["holders"] == [
        {
            "step": "Ký số", "unit": "UBND phường Trường Vinh",
            "position": "Phó Chủ tịch, Chủ tịch", "person": "", "late": 1, "due_this_week": 0,
            "open": 1, "late_since": "2026-11-17T02:00:00Z",
        }
    ]  # fmt: skip
    assert chair.get(f"{HERE}/places/H41.0").status_code == 404


def test_open_dossiers_are_told_page_by_page(chair):
    codes = [f.late(WARD, by=number).code for number in (3, 2, 1)]
    f.late(FAR, by=9)

    first = chair.get(f"{HERE}/dossiers?place={WARD}&limit=2").json()
    second = chair.get(f"{HERE}/dossiers?place={WARD}&limit=2&cursor={first['next']}").json()

    assert [one["code"] for one in (*first["items"], *second["items"])] == codes
    assert second["next"] is None
    assert first["items"][0] | {"procedure": ""} == {
        "code": codes[0], "procedure": "", "unit": "UBND phường Trường Vinh",
        "state": "processing", "submitted_at": "2026-11-10T02:00:00Z",
        "due_at": "2026-11-17T02:00:00Z",
        "holder": {
            "step": "Thụ lý", "unit": "UBND phường Trường Vinh",
            "position": "Công chức tư pháp – hộ tịch, Chánh Văn phòng", "person": "",
        },
        "may_open": False,
    }  # fmt: skip
    assert chair.get(f"{HERE}/dossiers?cursor=x").status_code == 422
