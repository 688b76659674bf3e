"""The inbox: who has which work, taking it and putting it back, finding, the news; pages and API."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sen.kernel.legal import public as legal
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.conftest import province  # noqa: F401 - fixtures
from sen.systems.public_services.tests.test_api import Program, problem
from tests.journeys.programs import of

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("province")]


def cost(client: Client, page: str) -> int:
    legal.begin_request()
    with CaptureQueriesContext(connection) as found:
        assert client.get(page).status_code == 200
    legal.end_request()
    return len(found)


# -- Who sees what


@pytest.mark.parametrize("page", ["/viec/", "/tim/"])
def test_the_work_is_for_officials(province, page):  # noqa: F811
    assert Client().get(page)["Location"].startswith("/dang-nhap/?next=")
    assert browser(province.father).get(page).status_code == 403
    assert browser(province.motcua).get(page).status_code == 200


def test_work_waits_in_the_unit_that_has_it(province):  # noqa: F811
    code = f.submitted(province).code
    shown = {
        name: code in text(browser(getattr(province, name)).get("/viec/"))
        for name in ("motcua", "vanthu", "chutich", "far_motcua")
    }
    assert shown == {"motcua": True, "vanthu": False, "chutich": False, "far_motcua": False}


def test_a_list_of_work_costs_the_same_for_one_and_for_three(province):  # noqa: F811
    desk = browser(province.motcua)
    f.submitted(province)
    one = [cost(desk, "/viec/") for _turn in range(2)]
    f.submitted(province)
    f.submitted(province)
    assert [cost(desk, "/viec/") for _turn in range(2)][-1] == one[-1]


def test_the_list_is_narrowed_and_unknown_ways_are_left_out(province):  # noqa: F811
    waiting, given = f.submitted(province).code, f.received(province).code
    desk = browser(province.motcua)
    act = "?viec=public_services.receive"
    assert waiting in text(desk.get(f"/viec/{act}&tinh-trang=all"))
    assert waiting not in text(desk.get(f"/viec/{act}&tinh-trang=paused"))
    assert given not in text(desk.get("/viec/"))
    assert waiting in text(desk.get("/viec/?viec=khong.co&tinh-trang=khong-co"))
    part = desk.get("/viec/", headers={"HX-Request": "true"})
    assert ("<html" in text(part), waiting in text(part)) == (False, True)


def test_a_long_list_goes_on_after_its_last_row(province):  # noqa: F811
    codes = {f.submitted(province).code for _turn in range(52)}
    desk = browser(province.motcua)
    first = text(desk.get("/viec/"))
    following = re.search(r'href="(\?[^"]*after=[^"]+)"', first)
    rest = text(desk.get("/viec/" + following[1].replace("&amp;", "&")))
    shown = [{code for code in codes if code in page} for page in (first, rest)]
    assert (shown[0] | shown[1], shown[0] & shown[1]) == (codes, set())
    assert shown[1]


# -- Taking and putting back


def free_task(cast) -> tuple[str, workflow.Task]:
    dossier = f.received(cast)
    [task] = workflow.record_tasks(dossier.id)
    return dossier.code, task


def test_a_free_task_is_taken_and_put_back_on_pages(province):  # noqa: F811
    code, task = free_task(province)
    head = browser(province.chanhvanphong)
    taken = head.post(f"/viec/{task.id}/nhan/")
    assert (taken.status_code, taken["Location"]) == (303, f"/ho-so/{code}/")
    assert workflow.task(task.id).assignee == province.chanhvanphong.account
    assert code in text(head.get("/viec/?tinh-trang=mine"))
    left = head.post(f"/viec/{task.id}/tra/")
    assert (left["Location"], workflow.task(task.id).assignee) == ("/viec/", None)


@pytest.mark.parametrize("what", ["nhan", "tra"])
def test_nobody_else_takes_or_puts_back(province, what):  # noqa: F811
    _code, task = free_task(province)
    for who, status in (
        (province.father, 403), (province.far_chanhvanphong, 403), (province.vanthu, 403),
    ):  # fmt: skip
        assert browser(who).post(f"/viec/{task.id}/{what}/").status_code == status
    assert Client().post(f"/viec/{task.id}/{what}/").status_code in {303, 403}
    assert Client().get(f"/viec/{task.id}/{what}/").status_code == 405
    assert workflow.task(task.id).assignee is None


def test_a_task_that_is_gone_says_who_closed_it(province):  # noqa: F811
    dossier = f.submitted(province)
    [task] = workflow.record_tasks(dossier.id)
    desk = browser(province.motcua)
    desk.post(f"/ho-so/{dossier.code}/viec/receive/", {"version": 1})
    refused = desk.post(f"/viec/{task.id}/nhan/")
    assert (refused.status_code, "Hoàng Thị Một Cửa" in text(refused)) == (409, True)
    assert desk.post(f"/viec/{'0' * 8}-0000-0000-0000-{'0' * 12}/nhan/").status_code == 404


def test_a_program_takes_and_puts_back(province):  # noqa: F811
    code, task = free_task(province)
    head = of("chanhvanphong", "tasks:read", "tasks:act")
    [row] = [one for one in head.ask("GET", "/tasks").json()["items"] if one["code"] == code]
    assert (row["is_free"], row["is_mine"], row["act"]) == (True, False, "public_services.assign")
    taken = head.ask("POST", f"/tasks/{task.id}/claim").json()
    assert (taken["is_free"], taken["is_mine"]) == (False, True)
    left = head.ask("POST", f"/tasks/{task.id}/release").json()
    assert (left["is_free"], left["assignee"]) == (True, "")
    problem(of("vanthu", "tasks:act").ask("POST", f"/tasks/{task.id}/claim"), 403)
    problem(of("chanhvanphong", "tasks:read").ask("POST", f"/tasks/{task.id}/claim"), 403)
    said = problem(head.ask("GET", "/tasks?act=khong.co"), 422)
    assert said["errors"] == [{"pointer": "#/act", "detail": "Không có loại việc này."}]


# -- Finding


def test_a_dossier_is_found_by_those_who_may_see_it(province):  # noqa: F811
    code = f.submitted(province).code
    assert f"/ho-so/{code}/" in text(browser(province.motcua).get(f"/tim/?q={code}"))
    assert f"/ho-so/{code}/" in text(browser(province.motcua).get("/tim/?q=nguyen van thu"))
    assert f"/ho-so/{code}/" not in text(browser(province.far_motcua).get(f"/tim/?q={code}"))


def test_what_was_found_goes_on_after_its_last_row(province):  # noqa: F811
    codes = {f.submitted(province).code for _turn in range(21)}
    desk = browser(province.motcua)
    first = text(desk.get("/tim/?q=Nguyễn Văn Thử"))
    following = re.search(r'href="(\?[^"]*truoc=[^"]+)"', first)
    rest = text(desk.get("/tim/" + following[1].replace("&amp;", "&")))
    shown = [{code for code in codes if f"/{code}/" in page} for page in (first, rest)]
    assert ([len(one) for one in shown], shown[0] & shown[1]) == ([20, 1], set())
    assert desk.get("/tim/?q=a&truoc=khong-phai").status_code in {400, 422}


# -- News


def test_news_are_read_by_whom_they_are_for(province):  # noqa: F811
    code = f.submitted(province).code
    father = browser(province.father)
    assert Client().get("/thong-bao/").status_code == 303
    assert Client().post("/thong-bao/da-doc/").status_code == 303
    assert code in text(father.get("/thong-bao/"))
    assert code not in text(browser(province.mother).get("/thong-bao/"))
    assert browser(province.motcua).get("/thong-bao/").status_code == 200
    assert father.post("/thong-bao/da-doc/")["Location"] == "/thong-bao/"


def test_a_program_reads_the_news_of_its_owner(province):  # noqa: F811
    browser(province.father)
    code = f.submitted(province).code
    from sen.kernel.identity import public as identity

    owner = identity.Account.objects.get(pk=province.father.account)
    father = Program(owner, "notifications:read")
    [row] = father.ask("GET", "/notifications").json()["items"]
    assert (code in row["body"] or code in row["title"], row["is_read"]) == (True, False)
    assert father.ask("POST", "/notifications/read").status_code == 204
    [row] = father.ask("GET", "/notifications").json()["items"]
    assert row["is_read"] is True
    assert father.ask("GET", "/notifications?cursor=x").status_code in {400, 422}


@pytest.mark.parametrize("state", ["all", "late", "team"])
def test_the_inbox_stays_within_its_budget(province, state):  # noqa: F811
    """Who asks, the counters, the page, the names on it, the frame: eight statements at most."""
    desk = browser(province.motcua)
    desk.get(page := f"/viec/?tinh-trang={state}")
    with CaptureQueriesContext(connection) as asked:
        desk.get(page)
    control = ("SAVEPOINT", "RELEASE")
    assert len([one for one in asked if not one["sql"].startswith(control)]) <= 8
