"""Roles: made of rights, given and taken back by kind of unit; who may do what where, and why."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from sen.base import clock
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.administration.data import KindEnd, KindGrant, RoleDraft
from sen.systems.administration.queries import roles as reads
from sen.systems.administration.services import roles

CLERK_OF_WARD = "H41.9.11.2"
TRAIL = "administration.trail.read"
WATCH = "administration.system.watch"


def today() -> dt.date:
    return clock.day(clock.now())


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def draft(**changes) -> RoleDraft:
    return RoleDraft(
        **{"code": "own.truc_ban", "title": "Trực ban", "permissions": [WATCH], **changes}
    )


def clerk_of(unit: str) -> organisations.Position:
    on = today()
    return organisations.positions(on=on, unit=organisations.unit(unit, on).id, code="clerk").get()


def kind(**changes) -> KindGrant:
    said = {
        "role": "own.truc_ban", "position": "clerk", "kind": "office", "valid_from": today(),
        "reason": "QĐ 9",
    }  # fmt: skip
    return KindGrant(**{**said, **changes})


def test_a_role_of_ones_own_is_made_and_changed(province):
    made = roles.add_role(
        actor=province.administrator, draft=draft(title_en="Duty"), at=province.at
    )
    changed = roles.change_role(
        actor=province.administrator, draft=draft(permissions=[TRAIL, WATCH]), at=province.at
    )

    assert (made.title, made.permissions) == ({"vi": "Trực ban", "en": "Duty"}, [WATCH])
    assert (changed.id, changed.permissions) == (made.id, [WATCH, TRAIL])
    lines = audit.trail(audit.Subject("access.role", made.id))
    assert [one.action for one in lines] == ["access.role.saved"] * 2


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"code": "public_services.leader"}, Invalid),
        ({"code": "own.Trực ban"}, Invalid),
        ({"title": " "}, Invalid),
        ({"permissions": []}, Invalid),
        ({"permissions": ["no.such.right"]}, Invalid),
    ],
)
def test_a_role_that_does_not_hold_is_refused(province, changes, failure):
    with pytest.raises(failure):
        roles.add_role(actor=province.administrator, draft=draft(**changes), at=province.at)


def test_roles_are_the_whole_provinces_and_those_of_systems_stay(province):
    actor, at = province.administrator, province.at
    roles.add_role(actor=actor, draft=draft(), at=at)
    with pytest.raises(Conflict):
        roles.add_role(actor=actor, draft=draft(), at=at)
    with pytest.raises(NotAllowed):
        roles.add_role(actor=province.clerk, draft=draft(code="own.hai"), at=at)
    with pytest.raises(NotFound):
        roles.change_role(actor=actor, draft=draft(code="own.khong_co"), at=at)
    with pytest.raises(Conflict):
        roles.change_role(actor=actor, draft=draft(code="public_services.leader"), at=at)
    with pytest.raises(NotAllowed):  # the own position has it
        roles.change_role(actor=actor, draft=draft(code="administration.administrator"), at=at)


def test_a_role_is_given_to_every_position_of_a_kind_and_taken_back(province):
    actor, at = province.administrator, province.at
    roles.add_role(actor=actor, draft=draft(), at=at)
    held = reads.roles(today())

    tried = roles.give_by_kind(actor=actor, wanted=kind(), at=at, dry_run=True)
    assert not access.Grant.objects.filter(role__code="own.truc_ban").exists()
    done = roles.give_by_kind(actor=actor, wanted=kind(), at=at)
    again = roles.give_by_kind(actor=actor, wanted=kind(), at=at)

    assert tried == done
    assert {one.unit.kind for one in done.touched} == {"office"}
    assert clerk_of(CLERK_OF_WARD) in done.touched
    assert (list(again.touched), again.left) == ([], [*done.touched])
    given = access.Grant.objects.filter(role__code="own.truc_ban")
    assert {one.position_id for one in given} == {one.id for one in done.touched}
    assert {(one.made_by, one.reason) for one in given} == {(actor.account, "QĐ 9")}
    assert access.allows(province.clerk, WATCH)

    wanted = KindEnd(role="own.truc_ban", position="clerk", kind="office", reason="Hết đợt")
    tried = roles.end_by_kind(actor=actor, wanted=wanted, at=at, dry_run=True)
    assert access.allows(province.clerk, WATCH)
    ended = roles.end_by_kind(actor=actor, wanted=wanted, at=at)
    assert (tried, ended.touched) == (ended, done.touched)
    assert not access.allows(province.clerk, WATCH)
    assert {one.revoked_reason for one in given.all()} == {"Hết đợt"}
    assert [one.grants for one in reads.roles(today())] == [one.grants for one in held]


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"position": "khong_co"}, Invalid),
        ({"kind": "province"}, Invalid),
        ({"reason": ""}, Invalid),
        ({"role": "own.khong_co"}, NotFound),
        ({"valid_to": dt.date(2020, 1, 1)}, Invalid),
    ],
)
def test_giving_by_kind_is_refused_where_it_does_not_hold(province, changes, failure):
    actor, at = province.administrator, province.at
    roles.add_role(actor=actor, draft=draft(), at=at)
    with pytest.raises(failure):
        roles.give_by_kind(actor=actor, wanted=kind(**changes), at=at)
    with pytest.raises(NotAllowed):
        roles.give_by_kind(actor=province.clerk, wanted=kind(), at=at)


def test_giving_by_kind_leaves_the_own_position_alone(province):
    actor, at = province.administrator, province.at
    roles.add_role(actor=actor, draft=draft(), at=at)
    own = kind(position="administrator", kind="province")

    done = roles.give_by_kind(actor=actor, wanted=own, at=at)

    assert (list(done.touched), [one.id for one in done.left]) == ([], [actor.position])
    mine = KindEnd(
        role="administration.administrator", position="administrator", kind="province", reason="?"
    )
    assert list(roles.end_by_kind(actor=actor, wanted=mine, at=at).touched) == []


def test_a_right_taken_back_is_gone_with_the_next_request(administrator, clerk, province):
    """The whole way: an account opens a page, its grant is taken back, the next request is refused."""
    actor, at = province.administrator, province.at
    roles.add_role(actor=actor, draft=draft(), at=at)
    roles.give_by_kind(actor=actor, wanted=kind(), at=at)
    assert clerk.get("/quan-tri/").status_code == 200
    (grant,) = access.Grant.objects.filter(
        role__code="own.truc_ban", position=province.clerk.position
    )

    path = f"/quan-tri/don-vi/{CLERK_OF_WARD}/"
    answer = administrator.post(f"{path}thu-hoi/{grant.id}/", {"reason": "Nhầm"})
    assert answer.status_code == 303
    assert clerk.get("/quan-tri/").status_code == 403

    history = text(administrator.get(f"{path}quyen/"))
    assert "Đã thu hồi" in history
    assert "Mai Văn Quản Trị" in history
    assert "Nhầm" in history
    assert administrator.post(f"{path}quyen/{grant.id}/giao-lai/").status_code == 303
    assert clerk.get("/quan-tri/").status_code == 200
    assert clerk.post(f"{path}quyen/{grant.id}/giao-lai/").status_code == 403


def test_a_grant_gets_its_last_day_on_a_page(administrator, province):
    actor, at = province.administrator, province.at
    roles.add_role(actor=actor, draft=draft(), at=at)
    roles.give_by_kind(actor=actor, wanted=kind(), at=at)
    (grant,) = access.Grant.objects.filter(
        role__code="own.truc_ban", position=province.clerk.position
    )
    page = f"/quan-tri/don-vi/{CLERK_OF_WARD}/quyen/{grant.id}/ket-thuc/"

    assert "Còn hiệu lực" not in text(administrator.get(page))
    past = administrator.post(page, {"last_day": "01/01/2020", "reason": "Hết"})
    done = administrator.post(page, {"last_day": f"{today():%d/%m/%Y}", "reason": "Hết"})

    assert (past.status_code, done.status_code) == (422, 303)
    grant.refresh_from_db()
    assert grant.valid_to == today()
    elsewhere = page.replace(CLERK_OF_WARD, "H41.9.12.2")
    assert administrator.get(elsewhere).status_code == 404


def test_who_may_do_something_is_told_with_the_reason(administrator, province):
    path = "/quan-tri/quyen/"
    said = text(administrator.get(path, {"right": "organisations.unit.manage", "unit": "H41.9.11"}))
    assert "Mai Văn Quản Trị" in said
    assert "Quản trị hệ thống" in said
    words = {"right.text": "quan ly don vi", "unit.text": "truong vinh"}
    unsure = administrator.get(path, words)
    assert unsure.status_code == 422
    assert "Hãy chọn một mục" in text(unsure)
    unknown = administrator.get(path, {"right": "no.right", "unit": "H41.9.11.2"})
    assert unknown.status_code == 422


def test_why_an_account_may_is_told_grant_by_grant(administrator, province):
    said = text(administrator.get(f"/quan-tri/tai-khoan/{_b32('vanthu.truongvinh')}/quyen/"))
    reasons = reads.why(province.clerk.position, on=today())
    assert reasons
    for one in reasons:
        assert one.role.title["vi"] in said


def _b32(username: str) -> str:
    from sen.base.identifiers import to_base32

    account = identity.account_named(username)
    assert account is not None
    return to_base32(account.pk)


def test_the_pages_of_roles_walk_through_a_role(administrator, province):
    sent = {"code": "own.truc_ban", "title": "Trực ban", "permissions": [WATCH]}
    assert administrator.post("/quan-tri/vai-tro/moi/", {**sent, "title": ""}).status_code == 422
    assert administrator.post("/quan-tri/vai-tro/moi/", sent).status_code == 303
    assert administrator.post("/quan-tri/vai-tro/moi/", sent).status_code == 409
    assert "Trực ban" in text(administrator.get("/quan-tri/vai-tro/"))
    page = "/quan-tri/vai-tro/own.truc_ban/"
    changed = {"title": "Trực ban đêm", "permissions": [WATCH, TRAIL]}
    assert 'value="Trực ban"' in text(administrator.get(f"{page}sua/"))
    assert administrator.post(f"{page}sua/", changed).status_code == 303
    order = {
        "kind": "office", "position": "clerk", "scope": "own",
        "valid_from": f"{today():%d/%m/%Y}", "reason": "QĐ 9",
    }  # fmt: skip
    tried = administrator.post(f"{page}giao/", order)
    assert "Chưa có gì được ghi" in text(tried)
    assert not access.Grant.objects.filter(role__code="own.truc_ban").exists()
    assert "QĐ 9" in text(administrator.post(f"{page}giao/", {**order, "change": "1"}))
    assert administrator.post(f"{page}giao/", {**order, "confirmed": "1"}).status_code == 303
    assert "Văn thư" in text(administrator.get(page))
    none = administrator.post(f"{page}giao/", {**order, "kind": "province"})
    assert none.status_code == 422
    back = {"kind": "office", "position": "clerk", "reason": "Hết"}
    assert "Bị thu hồi ngay" in text(administrator.post(f"{page}thu-hoi/", back))
    assert administrator.post(f"{page}thu-hoi/", {**back, "confirmed": "1"}).status_code == 303
    assert "Chưa giao cho vị trí nào" in text(administrator.get(page))


def test_fields_find_positions_units_and_rights_while_one_types(administrator, clerk):
    def found(kind, words):
        return administrator.get(f"/quan-tri/tim/{kind}/", {"q": words}).json()

    (position,) = found("vi-tri", "van thu truong vinh")
    assert position["hint"] == CLERK_OF_WARD
    assert found("don-vi", "phuong truong vinh")[0]["code"] == "H41.9.11"
    assert [one["code"] for one in found("quyen", "nhat ky kiem toan")] == [TRAIL]
    assert found("vi-tri", "khong co ai") == []
    assert administrator.get("/quan-tri/tim/gi-do/").status_code == 404
    assert clerk.get("/quan-tri/tim/don-vi/?q=vinh").status_code == 403


def test_roles_and_rights_by_api(administrator, province):
    def post(path, body, method="post"):
        send = getattr(administrator, method)
        return send(f"/api/v1/{path}", body, content_type="application/json")

    role = {"code": "own.truc_ban", "title": "Trực ban", "permissions": [WATCH]}
    made = post("roles", role)
    changed = post("roles/own.truc_ban", {"title": "Trực", "permissions": [TRAIL]}, "put")
    order = {"kind": "office", "position": "clerk", "reason": "QĐ", "valid_from": str(today())}
    tried = post("roles/own.truc_ban/give", {**order, "dry_run": True})
    given = post("roles/own.truc_ban/give", order)
    listed = administrator.get(f"/api/v1/units/{CLERK_OF_WARD}/grants?limit=1").json()
    ended = post(f"grants/{listed[0]['id']}/end", {"last_day": str(today()), "reason": "Hết"})
    del order["valid_from"]
    taken = post("roles/own.truc_ban/take-back", order)
    again = post(f"grants/{listed[0]['id']}/again", {"reason": "Nhầm"})

    answers = (made, changed, tried, given, ended, taken, again)
    assert [one.status_code for one in answers] == [201, 200, 200, 200, 200, 200, 201]
    assert tried.json()["touched"] == given.json()["touched"] == taken.json()["touched"]
    assert listed[0]["role"] == "own.truc_ban"
    own = next(
        one for one in administrator.get("/api/v1/roles").json() if one["code"] == role["code"]
    )
    assert (own["title"], own["permissions"], own["is_own"], own["grants"]) == (
        {"vi": "Trực"},
        [TRAIL],
        True,
        1,
    )
    who = administrator.get(f"/api/v1/rights/{TRAIL}?unit={CLERK_OF_WARD}").json()
    assert str(province.clerk.account) in {one for line in who for one in line["accounts"]}
    why = administrator.get(f"/api/v1/accounts/{province.clerk.account}/rights").json()
    assert "own.truc_ban" in {one["role"] for one in why}
    assert administrator.get("/api/v1/rights/no.right?unit=H41").status_code == 404
