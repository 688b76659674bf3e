"""The API of the system itself: state, accounts, tokens, roles, law, calendar, trail."""

from __future__ import annotations

import pytest
from django.test import Client

from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.systems.administration.tests.test_api import post
from sen.systems.administration.tests.test_services import FEE, dead_job, place

OFFICIAL = {
    "username": "moi.truongvinh", "full_name": "Nguyễn Thị Mới",
    "national_number": "040190000777", "valid_from": "2026-11-01",
}  # fmt: skip
DAY = {"on": "2026-12-14", "kind": "holiday", "title": "Ngày thử", "source": "QĐ thử"}
VALUE = {"value": 9000, "valid_from": "2027-01-01", "source": "Thông tư thử nghiệm, Điều 4"}


def test_an_account_s_life_by_api(administrator):
    order = {**OFFICIAL, "position": str(place("clerk").id)}
    wrong = post(administrator, "officials", {**order, "national_number": "1"})
    made = post(administrator, "officials", order)
    again = post(administrator, "officials", order)
    root = f"accounts/{made.json()['id']}"
    reset = post(administrator, f"{root}/reset", {})
    token = post(administrator, f"{root}/tokens", {"name": "x", "scopes": ["a:b"], "days": 5})
    long = post(administrator, f"{root}/tokens", {"name": "x", "scopes": ["a:b"], "days": 900})
    ended = post(administrator, f"{root}/tokens/{token.json()['id']}/revoke", {})
    off = post(administrator, f"{root}/active", {"is_active": False, "reason": "Nghỉ việc"})
    unknown = post(administrator, f"accounts/{new_id()}/reset", {})

    answers = (wrong, made, again, reset, token, long, ended, off, unknown)
    assert [one.status_code for one in answers] == [422, 201, 409, 200, 201, 422, 200, 200, 404]
    assert wrong.json()["errors"][0]["pointer"] == "#/national_number"
    account = identity.account_named("moi.truongvinh")
    assert (account.is_active, account.check_password(reset.json()["secret"])) == (False, True)


def test_roles_by_api(administrator):
    order = {
        "position": str(place("clerk").id), "role": "public_services.one_stop", "scope": "own",
        "valid_from": "2026-11-01", "reason": "Kiêm nhiệm",
    }  # fmt: skip
    made = post(administrator, "grants", order)
    mute = post(administrator, "grants", {**order, "reason": ""})
    taken = post(administrator, f"grants/{made.json()['id']}/revoke", {"reason": "Hết"})
    unknown = post(administrator, f"grants/{new_id()}/revoke", {"reason": "Hết"})

    assert [one.status_code for one in (made, mute, taken, unknown)] == [201, 422, 200, 404]
    assert access.Grant.objects.get(id=made.json()["id"]).revoked_at is not None


def test_law_and_calendar_by_api(administrator):
    keys = [one["key"] for one in administrator.get("/api/v1/legal-values").json()]
    set_value = post(administrator, f"legal-values/{FEE}", VALUE)
    late = post(administrator, f"legal-values/{FEE}", VALUE)
    unknown = post(administrator, "legal-values/fee.no", VALUE)
    day = post(administrator, "calendar/days", DAY)
    half = post(administrator, "calendar/days", {**DAY, "kind": "half"})
    clear = post(administrator, "calendar/days/2026-12-14/clear", {"reason": "Nhầm"})

    assert FEE in keys
    answers = (set_value, late, unknown, day, half, clear)
    assert [one.status_code for one in answers] == [201, 409, 404, 200, 422, 200]
    assert clear.json()["edition"] > day.json()["edition"]


def test_a_value_is_corrected_by_api(administrator, monkeypatch):
    monkeypatch.setattr("sen.kernel.legal.registry._uses", {})
    legal.register_uses(legal.ValueUse(code="tests.used", title="", count=lambda _span: 2))
    row = legal.LegalValue.objects.get(key=FEE)
    order = {"value": 9500, "source": "TT thử, Điều 4", "reason": "Gõ nhầm"}
    here = f"legal-values/{FEE}/{row.valid_from.isoformat()}/correct"

    in_use = post(administrator, here, order)
    mute = post(administrator, here, {**order, "confirmed": 2, "reason": ""})
    unknown = post(administrator, f"legal-values/{FEE}/2001-01-01/correct", order)
    done = post(administrator, here, {**order, "confirmed": 2})
    history = administrator.get(f"/api/v1/legal-values/{FEE}")
    nothing = administrator.get("/api/v1/legal-values/fee.no")

    answers = (in_use, mute, unknown, done, history, nothing)
    assert [one.status_code for one in answers] == [409, 422, 404, 200, 200, 404]
    assert "2 hồ sơ" in in_use.json()["detail"]
    assert done.json()["value"] == 9500
    assert [(one["value"], one["correction"]) for one in history.json()] == [
        (9500, ""), (row.value, "Gõ nhầm"),
    ]  # fmt: skip


def test_state_work_and_trail_by_api(administrator):
    while audit.seal():  # what the province was made of may have waited for long by now
        continue
    health = administrator.get("/api/v1/health")
    job = dead_job()
    again = post(administrator, f"jobs/{job}/replay", {})
    twice = post(administrator, f"jobs/{job}/replay", {})
    handler = post(administrator, f"events/{new_id()}/replay", {"handler": "no.such"})
    message = post(administrator, f"messages/{new_id()}/replay", {})
    lines = administrator.get("/api/v1/audit?first=2026-11-01&last=2099-01-01&limit=1")
    report = post(administrator, "audit/verify", {})

    answers = (health, again, twice, handler, message, lines, report)
    assert [one.status_code for one in answers] == [200, 200, 404, 404, 404, 200, 200]
    assert len(lines.json()) == 1
    assert report.json()["problems"] == []


@pytest.mark.parametrize(
    "path", ["health", "legal-values", "audit?first=2026-11-01&last=2026-11-02"]
)
def test_reads_are_for_administrators(clerk, path):
    assert clerk.get(f"/api/v1/{path}").status_code == 403
    assert Client().get(f"/api/v1/{path}").status_code == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("officials", {**OFFICIAL, "position": str(new_id())}),
        ("jobs/1/replay", {}),
        (f"legal-values/{FEE}", VALUE),
        ("calendar/days", DAY),
        ("audit/verify", {}),
    ],
)
def test_acts_are_for_administrators(clerk, path, body):
    assert post(clerk, path, body).status_code in {403, 404}
    assert post(Client(), path, body).status_code == 401
