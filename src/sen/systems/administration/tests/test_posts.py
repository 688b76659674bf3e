"""Positions on accounts: given, ended, taken by default; the history of an account."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.base import clock
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.base.identifiers import new_id, to_base32
from sen.kernel.identity import public as identity
from sen.systems.administration.data import NewPost
from sen.systems.administration.queries import people
from sen.systems.administration.services import posts, units
from sen.systems.administration.tests.test_pages import text
from sen.systems.administration.tests.test_services import place, said

FIRST = dt.date(2026, 11, 1)


def give(province, *, actor=None, **more):
    order = {
        "account": province.clerk.account,
        "position": place("head_of_office").id,
        "valid_from": FIRST,
        **more,
    }
    return posts.add_post(
        actor=actor or province.administrator, post=NewPost(**order), at=province.at
    )


def order(province, post, **more):
    return {
        "actor": province.administrator,
        "account": province.clerk.account,
        "post": post.pk,
        "at": province.at,
        **more,
    }


def held(province) -> list[tuple[str, bool]]:
    rows = identity.employments(province.clerk.account, clock.day(province.at))
    return [(one.position.code, one.is_default) for one in rows]


def test_an_official_gets_one_more_position(province):
    give(province)

    assert held(province) == [("clerk", True), ("head_of_office", False)]
    assert said(province)[0] == ("identity.employment.add", "vanthu.truongvinh")


def test_the_default_position_is_changed(province):
    made = give(province)

    posts.make_default(**order(province, made))

    assert held(province) == [("head_of_office", True), ("clerk", False)]
    assert said(province)[0] == ("identity.employment.default", "vanthu.truongvinh")


def test_a_position_ends_after_a_day(province):
    made = give(province)
    today = clock.day(province.at)

    posts.end_post(**order(province, made), last_day=today)

    assert identity.Employment.objects.get(pk=made.pk).valid_to == today
    assert said(province)[0] == ("identity.employment.end", "vanthu.truongvinh")


def test_posts_are_refused(province):
    today = clock.day(province.at)
    with pytest.raises(Conflict):
        give(province, position=place("clerk").id)
    with pytest.raises(Conflict):
        give(province, position=place("clerk").id, valid_to=dt.date(2096, 12, 1))
    for more, fields in (
        ({"valid_to": dt.date(2026, 10, 1)}, ["valid_to"]),
        ({"valid_from": dt.date(2000, 1, 1)}, ["position"]),
    ):
        with pytest.raises(Invalid) as refused:
            give(province, **more)
        assert list(refused.value.fields) == fields
    made = give(province)
    with pytest.raises(Invalid):
        posts.end_post(**order(province, made), last_day=dt.date(2026, 1, 1))
    future = give(province, position=place("civil_status_officer").id,
                  valid_from=today + dt.timedelta(days=9))  # fmt: skip
    with pytest.raises(Conflict):
        posts.make_default(**order(province, future))
    identity.Employment.objects.filter(pk=made.pk).update(valid_to=FIRST)
    with pytest.raises(Conflict):
        posts.make_default(**order(province, made))
    with pytest.raises(Conflict):
        posts.end_post(**order(province, made), last_day=today)
    with pytest.raises(NotFound):
        posts.end_post(**{**order(province, made), "post": new_id()}, last_day=today)


def test_a_position_that_ends_cannot_be_held_beyond_its_end(province):
    units.close_position(
        actor=province.administrator, unit="H41.9.11.2", position=place("head_of_office").id,
        last_day=dt.date(2096, 12, 31), reason="Hết", at=province.at,
    )  # fmt: skip
    with pytest.raises(Invalid):
        give(province)
    give(province, valid_to=dt.date(2096, 12, 31))


def test_posts_need_the_right_and_somebody_else_s_account(province):
    with pytest.raises(NotAllowed):
        give(province, actor=province.clerk)
    with pytest.raises(NotAllowed):
        give(province, account=province.administrator.account)
    with pytest.raises(NotFound):
        give(province, account=new_id())
    made = give(province)
    for act in (posts.make_default, lambda **one: posts.end_post(**one, last_day=FIRST)):
        with pytest.raises(NotAllowed):
            act(**order(province, made, actor=province.clerk))


def test_posts_by_page(administrator, province):
    here = f"/quan-tri/tai-khoan/{to_base32(province.clerk.account)}/"
    typed = {"position": str(place("head_of_office").id), "valid_from": "01/11/2026",
             "valid_to": ""}  # fmt: skip

    shown = administrator.get(f"{here}vi-tri/")
    bad = administrator.post(f"{here}vi-tri/", {**typed, "valid_to": "01/10/2026"})
    made = administrator.post(f"{here}vi-tri/", typed)
    twice = administrator.post(f"{here}vi-tri/", typed)
    post = next(one for one in people.posts(province.clerk.account) if not one.is_default)
    default = administrator.post(f"{here}vi-tri/{to_base32(post.pk)}/mac-dinh/")
    listed = text(administrator.get(here))
    asked = administrator.get(f"{here}vi-tri/{to_base32(post.pk)}/thoi-giu/")
    late = administrator.post(
        f"{here}vi-tri/{to_base32(post.pk)}/thoi-giu/", {"last_day": "01/01/2020"}
    )
    broken = administrator.post(f"{here}vi-tri/{to_base32(post.pk)}/thoi-giu/", {"last_day": "x"})
    ended = administrator.post(
        f"{here}vi-tri/{to_base32(post.pk)}/thoi-giu/", {"last_day": "31/12/2096"}
    )
    history = text(administrator.get(f"{here}lich-su/"))
    gone = administrator.get(f"{here}vi-tri/{'a' * 26}/thoi-giu/")

    answers = (shown, bad, made, twice, default, asked, late, broken, ended, gone)
    assert [one.status_code for one in answers] == [
        200, 422, 303, 409, 303, 200, 422, 422, 303, 404,
    ]  # fmt: skip
    assert 'value="01/10/2026"' in text(bad)
    assert ("31/12/2096" in history, "identity.employment.default" in history) == (True, True)
    assert "mặc định khi đăng nhập" in listed


def test_pages_of_posts_are_for_administrators(clerk, province):
    here = f"/quan-tri/tai-khoan/{to_base32(province.clerk.account)}/"
    for path in ("vi-tri/", "lich-su/"):
        assert clerk.get(f"{here}{path}").status_code == 403
    assert clerk.post(f"{here}vi-tri/{'a' * 26}/mac-dinh/").status_code == 403


def test_the_history_goes_on_page_by_page(administrator, province, monkeypatch):
    monkeypatch.setattr("sen.systems.administration.views.posts.PAGE", 1)
    give(province)
    here = f"/quan-tri/tai-khoan/{to_base32(province.clerk.account)}/lich-su/"
    assert "truoc=" in text(administrator.get(here))


def test_the_history_costs_the_same_for_one_and_for_three(administrator, province):
    here = f"/quan-tri/tai-khoan/{to_base32(province.clerk.account)}/lich-su/"

    def statements() -> int:
        administrator.get(here)
        with CaptureQueriesContext(connection) as captured:
            administrator.get(here)
        return len(captured)

    one = statements()
    give(province)
    give(province, position=place("civil_status_officer").id)
    assert statements() == one
