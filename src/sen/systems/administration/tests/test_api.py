"""The API of units, posts and lists: the same verbs, answered with problems where refused."""

from __future__ import annotations

import pytest
from django.test import Client

from sen.kernel.organisations import public as organisations
from sen.systems.administration.queries import people
from sen.systems.administration.tests.test_lists import PERSON, UNIT
from sen.systems.administration.tests.test_services import place

OFFICE, CULTURE, WARD = "H41.9.11.2", "H41.9.11.3", "H41.9.11"
NEW = {
    "parent": WARD, "code": "H41.9.11.9", "kind": "office", "level": "commune",
    "name": "Phòng Kinh tế", "short_name": "Phòng Kinh tế", "valid_from": "2026-11-01",
}  # fmt: skip


def post(client, path, body):
    return client.post(f"/api/v1/{path}", body, content_type="application/json")


def test_units_by_api(administrator):
    tried = post(administrator, "units", {**NEW, "dry_run": True})
    gone = organisations.Unit.objects.filter(code=NEW["code"]).exists()
    made = post(administrator, "units", NEW)
    taken = post(administrator, "units", NEW)
    name = {"name": "Phòng Mới", "short_name": "Phòng Mới", "on": "2027-01-01", "decision": "QĐ"}
    renamed = post(administrator, f"units/{NEW['code']}/rename", name)
    again = post(administrator, f"units/{NEW['code']}/rename", name)
    move = {"parent": "H41.9.2", "on": "2027-01-01", "decision": "QĐ"}
    moved = post(administrator, f"units/{NEW['code']}/move", move)
    merge = {"old": [CULTURE], "on": "2027-02-01", "decision": "QĐ", "dry_run": True}
    plan = post(administrator, f"units/{OFFICE}/merge", merge)
    merged = post(administrator, f"units/{OFFICE}/merge", {**merge, "dry_run": False})
    unknown = post(administrator, "units/H99/move", move)
    listed = administrator.get("/api/v1/units?q=van phong hoi dong nhan dan&limit=1").json()
    after = administrator.get(
        f"/api/v1/units?q=van phong hoi dong nhan dan&cursor={listed['next']}"
    ).json()

    answers = (tried, made, taken, renamed, again, moved, plan, merged, unknown)
    assert [one.status_code for one in answers] == [201, 201, 422, 200, 409, 200, 200, 200, 404]
    assert (tried.json()["dry_run"], gone) == (True, False)
    assert taken.json()["errors"][0]["pointer"] == "#/code"
    assert moved.json()["reach"] == {"units": 1, "positions": 0, "officials": 0}
    assert plan.json() == merged.json()
    assert len(plan.json()["closed"]) == 1
    assert [one["code"] for one in (*listed["items"], *after["items"])] == [OFFICE, "H41.9.12.2"]


def test_positions_and_stand_ins_by_api(administrator):
    root = f"units/{OFFICE}"
    order = {"position": "archivist", "title": "Lưu trữ viên", "valid_from": "2026-11-01"}
    made = post(administrator, f"{root}/positions", order)
    closed = post(
        administrator,
        f"{root}/positions/{made.json()['id']}/close",
        {"last_day": "2026-11-30", "reason": "Hết việc"},
    )
    absent = {
        "position": str(place("clerk").id), "stand_in": str(place("head_of_office").id),
        "first": "2026-11-21", "last": "2026-12-31", "decision": "QĐ",
    }  # fmt: skip
    appointed = post(administrator, f"{root}/stand-ins", absent)
    twice = post(administrator, f"{root}/stand-ins", absent)
    listed = administrator.get(f"/api/v1/{root}/stand-ins").json()
    ended = post(administrator, f"{root}/stand-ins/{appointed.json()['id']}/end", {})

    answers = (made, closed, appointed, twice, ended)
    assert [one.status_code for one in answers] == [201, 200, 201, 409, 200]
    assert [one["position"] for one in listed] == [absent["position"]]


def test_posts_by_api(administrator, province):
    root = f"accounts/{province.clerk.account}/posts"
    order = {"position": str(place("head_of_office").id), "valid_from": "2026-11-01"}
    made = post(administrator, root, order)
    twice = post(administrator, root, order)
    default = post(administrator, f"{root}/{made.json()['id']}/default", {})
    ended = post(administrator, f"{root}/{made.json()['id']}/end", {"last_day": "2026-12-31"})
    own = post(administrator, f"accounts/{province.administrator.account}/posts", order)
    listed = administrator.get(f"/api/v1/{root}").json()

    answers = (made, twice, default, ended, own)
    assert [one.status_code for one in answers] == [201, 409, 200, 200, 403]
    assert len(listed) == len(people.posts(province.clerk.account)) == 2


def test_lists_by_api(administrator):
    tried = post(administrator, "units/load", {"rows": [UNIT], "dry_run": True})
    bad = post(administrator, "units/load", {"rows": [UNIT, {**UNIT, "code": "bad"}]})
    done = post(administrator, "units/load", {"rows": [UNIT]})
    opened = post(administrator, "officials/load", {"rows": [PERSON]})

    assert [one.status_code for one in (tried, bad, done, opened)] == [200, 422, 200, 200]
    assert bad.json()["errors"][0]["pointer"] == "#/rows/1/code"
    assert tried.json() == {"rows": 1, "opened": []}
    assert opened.json()["opened"][0]["username"] == "moi.truongvinh"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("units", NEW),
        ("units/load", {"rows": [UNIT]}),
        ("officials/load", {"rows": [PERSON]}),
        (
            f"units/{OFFICE}/positions",
            {"position": "x", "title": "x", "valid_from": "2026-11-01"},
        ),
    ],
)
def test_the_api_is_for_administrators(clerk, path, body):
    assert post(clerk, path, body).status_code == 403
    assert post(Client(), path, body).status_code == 401


def test_reads_are_for_administrators(clerk, province):
    for path in ("units", f"units/{OFFICE}/stand-ins", f"accounts/{province.clerk.account}/posts"):
        assert clerk.get(f"/api/v1/{path}").status_code == 403
        assert Client().get(f"/api/v1/{path}").status_code == 401
