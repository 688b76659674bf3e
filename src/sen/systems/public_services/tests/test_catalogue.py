"""The catalogue as its keeper works on it: verbs, pages, API; what citizens then see."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sen.base import clock
from sen.base.actor import ANONYMOUS, SYSTEM, Strength
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from sen.kernel.audit import public as audit
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.notifications import public as notifications
from sen.systems.account.data import DEMO_PASSWORD
from sen.systems.public_services.models import Procedure, ProcedureVersion
from sen.systems.public_services.queries import catalogue, drafts, offering
from sen.systems.public_services.services import catalogue as verbs
from sen.systems.public_services.tables.drafts import draft_links
from sen.systems.public_services.tests import factories

CODE = factories.PROCEDURE
PAGE = f"/quan-tri/thu-tuc/{CODE}/"
SOON = dt.date(2096, 1, 1)
NOW = clock.now()
TODAY = clock.day(NOW)


@pytest.fixture
def keeper(province):
    account = identity.account_named("quantri")
    return identity.actor_for(account.pk, strength=Strength.MULTI_FACTOR)


@pytest.fixture
def browser(keeper) -> Client:
    client = Client()
    client.post("/dang-nhap/can-bo/", {"username": "quantri", "password": DEMO_PASSWORD})
    account = identity.account_named("quantri")
    code = identity.current_totp(account, at=clock.now()).code
    client.post("/dang-nhap/ma-xac-thuc/", {"code": code})
    return client


def off(actor, reason="Chờ quyết định mới"):
    return verbs.switch_procedure(actor=actor, code=CODE, is_active=False, reason=reason, at=NOW)


def draft(actor, valid_from=SOON):
    return verbs.draft_version(
        actor=actor, code=CODE, announcement="QĐ 1/QĐ-UBND", valid_from=valid_from, at=NOW
    )


def publish(actor, number=2, reason="Đã được phê duyệt"):
    return verbs.publish_draft(actor=actor, code=CODE, number=number, reason=reason, at=NOW)


def last_line() -> tuple[str, str]:
    procedure = Procedure.objects.get(code=CODE)
    line = audit.trail(verbs.subject(procedure), limit=1)[0]
    return line.action, line.reason


def told() -> list[str]:
    procedure = Procedure.objects.get(code=CODE)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM events_event WHERE record = %s ORDER BY id", [procedure.id]
        )
        return [name for (name,) in cursor.fetchall()]


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# -- On and off


def test_a_procedure_switched_off_is_not_offered_and_says_why(keeper):
    off(keeper)

    with pytest.raises(catalogue.NotOffered, match=r"Chờ quyết định mới"):
        catalogue.current_version(CODE, on=TODAY)
    with pytest.raises(catalogue.NotOffered):
        catalogue.current_case(CODE, factories.CASE, on=TODAY)
    assert CODE not in [one.code for one in catalogue.procedures()]
    assert CODE in [one.code for one in catalogue.procedures(with_off=True)]
    assert last_line() == ("public_services.procedure.off", "Chờ quyết định mới")
    assert told()[-1] == "public_services.procedure.switched"


def test_a_procedure_is_offered_again(keeper):
    off(keeper)

    verbs.switch_procedure(actor=keeper, code=CODE, is_active=True, reason="Đã có", at=NOW)

    procedure = Procedure.objects.get(code=CODE)
    assert (procedure.is_active, procedure.off_since, procedure.off_reason) == (True, None, "")
    assert catalogue.current_version(CODE, on=TODAY).number == 1
    assert last_line() == ("public_services.procedure.on", "Đã có")


@pytest.mark.parametrize(("who", "refusal"), [("vanthu", NotAllowed), (None, SignInNeeded)])
def test_the_catalogue_needs_its_right(province, who, refusal):
    actor = getattr(province, who) if who else ANONYMOUS
    for act in (off, draft, publish):
        with pytest.raises(refusal):
            act(actor)
    with pytest.raises(refusal):
        verbs.discard_draft(actor=actor, code=CODE, number=2, at=NOW)


def test_switching_asks_for_a_reason_and_a_change(keeper):
    with pytest.raises(Invalid) as refused:
        off(keeper, reason=" ")
    assert list(refused.value.fields) == ["reason"]
    with pytest.raises(Conflict):
        verbs.switch_procedure(actor=keeper, code=CODE, is_active=True, reason="x", at=NOW)
    off(keeper)
    with pytest.raises(Conflict):
        off(keeper)
    with pytest.raises(NotFound):
        verbs.switch_procedure(actor=keeper, code="0.000000", is_active=True, reason="x", at=NOW)


def test_drafts_of_a_procedure_switched_off_are_kept_and_say_so(keeper, province):
    father = province.father
    case = catalogue.current_case(CODE, factories.CASE, on=TODAY)
    held = forms.start_draft(father, start=drafts.start_of(case), at=NOW)

    off(keeper)

    with pytest.raises(catalogue.NotOffered, match="nháp của bạn được giữ đến hết ngày"):
        drafts.case_of(forms.draft(father, held.id), at=NOW)
    [link] = draft_links(father)
    assert link.label == "Đăng ký khai sinh"
    assert link.hint.startswith("Thủ tục đang tạm dừng nhận hồ sơ.")


def test_whoever_has_a_draft_is_told(keeper, province):
    case = catalogue.current_case(CODE, factories.CASE, on=TODAY)
    forms.start_draft(province.father, start=drafts.start_of(case), at=NOW)

    def titles() -> list[str]:
        return [one.title for one in notifications.inbox(province.father, limit=9).rows]

    off(keeper)
    factories.settle()
    told_off = titles()
    verbs.switch_procedure(actor=keeper, code=CODE, is_active=True, reason="Đã có", at=NOW)
    factories.settle()

    assert told_off == ["Thủ tục “Đăng ký khai sinh” tạm dừng nhận hồ sơ"]
    assert titles() == ["Thủ tục “Đăng ký khai sinh” đã nhận hồ sơ trở lại", *told_off]
    assert verbs.tell_drafters(code=CODE, is_active=False, at=NOW) == 0


def test_citizens_see_plainly_that_it_is_not_offered(keeper, client):
    off(keeper)

    page = client.get(f"/thu-tuc/{CODE}/")
    home = text(client.get("/"))
    asked = client.get(f"/api/v1/procedures/{CODE}")
    listed = client.get("/api/v1/procedures").json()

    assert (page.status_code, page["X-Robots-Tag"]) == (200, "noindex")
    assert "Chờ quyết định mới" in text(page)
    assert "Nộp hồ sơ trực tuyến" not in text(page)
    assert "Đang tạm dừng nhận hồ sơ" in home
    assert (asked.status_code, asked.json()["code"]) == (410, "not_offered")
    assert CODE not in [one["code"] for one in listed]


def test_the_system_itself_keeps_the_catalogue_too(province):
    off(SYSTEM)
    assert Procedure.objects.get(code=CODE).is_active is False


# -- Versions


def test_a_draft_copies_the_latest_version_and_nobody_sees_it(keeper):
    made = draft(keeper)

    old = offering.cases(offering.version(CODE, 1))
    new = offering.cases(made)
    assert [(one.code, one.papers, one.fees, one.party_data) for one in new] == [
        (one.code, one.papers, one.fees, one.party_data) for one in old
    ]
    assert (made.number, made.status, made.published_at) == (2, "draft", None)
    assert catalogue.current_version(CODE, on=SOON).number == 1
    assert offering.one(CODE, on=TODAY).draft == 2
    assert last_line() == ("public_services.procedure.draft", "QĐ 1/QĐ-UBND")


def test_a_draft_is_published_and_the_version_before_it_ends(keeper):
    draft(keeper)

    publish(keeper)

    assert catalogue.current_version(CODE, on=SOON).number == 2
    assert catalogue.current_version(CODE, on=dt.date(2095, 12, 31)).number == 1
    assert offering.version(CODE, 1).valid_to == dt.date(2095, 12, 31)
    assert offering.one(CODE, on=TODAY).draft == 0
    assert last_line() == ("public_services.procedure.publish", "Đã được phê duyệt")
    assert told()[-1] == "public_services.procedure.published"


def test_drafting_is_refused(keeper):
    with pytest.raises(Invalid) as unsaid:
        verbs.draft_version(actor=keeper, code=CODE, announcement=" ", valid_from=SOON, at=NOW)
    with pytest.raises(Invalid) as past:
        draft(keeper, valid_from=dt.date(2026, 1, 1))
    draft(keeper)
    with pytest.raises(Conflict):
        draft(keeper)
    with pytest.raises(NotFound):
        verbs.draft_version(actor=keeper, code="0.0", announcement="x", valid_from=SOON, at=NOW)
    assert [list(one.value.fields) for one in (unsaid, past)] == [["announcement"], ["valid_from"]]


def test_a_procedure_without_versions_cannot_be_drafted(keeper):
    Procedure.objects.create(
        code="9.000001", name={"vi": "Thủ tục trống"}, field_code="x", field_name={"vi": "Thử"},
        level="commune",
    )  # fmt: skip
    with pytest.raises(NotFound):
        verbs.draft_version(
            actor=keeper, code="9.000001", announcement="x", valid_from=SOON, at=NOW
        )


def test_publishing_is_refused(keeper):
    with pytest.raises(NotFound):
        publish(keeper)
    with pytest.raises(Conflict):
        publish(keeper, number=1)
    made = draft(keeper)
    with pytest.raises(Invalid) as unsaid:
        publish(keeper, reason="")
    ProcedureVersion.objects.filter(id=made.id).update(valid_from=dt.date(2026, 1, 1))
    with pytest.raises(Invalid) as past:
        publish(keeper)
    assert [list(one.value.fields) for one in (unsaid, past)] == [["reason"], ["valid_from"]]


def test_a_version_that_begins_before_another_is_refused(keeper):
    draft(keeper)
    publish(keeper)
    draft(keeper, valid_from=TODAY)
    with pytest.raises(Conflict):
        publish(keeper, number=3)


def _bare(made):
    made.cases.all().delete()
    ProcedureVersion.objects.filter(id=made.id).update(national={})


def _spoil(made, **changes):
    case = made.cases.get()
    for name, value in changes.items():
        setattr(case, name, value)
    case.save()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_bare, "chưa có trường hợp nào"),
        (lambda made: _spoil(made, allowance={"amount": 0, "unit": "working_day"}), "chưa đúng"),
        (
            lambda made: _spoil(
                made,
                fees=[{"code": "x", "title": {"vi": "x"}, "kind": "phi", "amount_key": "fee.no"}],
            ),
            "fee.no",
        ),
        (
            lambda made: ProcedureVersion.objects.filter(id=made.id).update(announcement=" "),
            "Thiếu quyết định công bố",
        ),
    ],
)
def test_a_draft_that_does_not_hold_says_what_is_wrong(keeper, spoil, said):
    spoil(draft(keeper))
    with pytest.raises(Invalid, match=said):
        publish(keeper)


def test_a_draft_is_thrown_away(keeper):
    draft(keeper)

    verbs.discard_draft(actor=keeper, code=CODE, number=2, at=NOW)

    assert [one.number for one in offering.versions(CODE)] == [1]
    assert last_line() == ("public_services.procedure.discard", "")
    with pytest.raises(Conflict):
        verbs.discard_draft(actor=keeper, code=CODE, number=1, at=NOW)


# -- Lists


def more(count: int, first: int = 0) -> None:
    for number in range(first, count):
        Procedure.objects.create(
            code=f"9.9{number:05d}", name={"vi": f"Giả định qzx {number}"}, field_code="thu",
            field_name={"vi": "Thử"}, level="commune", is_active=number % 2 == 0,
        )  # fmt: skip


def test_the_list_is_narrowed_by_state_and_words(keeper):
    more(2)
    draft(keeper)

    def codes(**asked):
        return [one.procedure.code for one in offering.listed(on=TODAY, **asked)]

    assert codes(query="gia dinh qzx") == ["9.900000", "9.900001"]
    assert codes(query=f"{CODE} khai sinh") == [CODE]
    assert codes(state="published") == [one.code for one in catalogue.procedures()]
    assert codes(state="off") == ["9.900001"]
    assert codes(state="draft") == [CODE]
    assert codes(state="none", query="gia dinh qzx") == ["9.900000"]
    assert codes(after="9.900000", limit=1) == ["9.900001"]
    assert codes(state="known", query="gia dinh qzx") == []
    assert codes(query="gia dinh qzx", with_bare=False) == ["9.900001"]
    assert [offering.one(code, on=TODAY).state for code in (CODE, "9.900000", "9.900001")] == [
        "published",
        "none",
        "off",
    ]


def test_the_list_costs_the_same_for_one_and_for_three(browser):
    browser.get("/quan-tri/thu-tuc/")
    more(1)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            page = browser.get("/quan-tri/thu-tuc/?q=qzx")
        counts.append(len(captured))
        assert page.status_code == 200
        if len(counts) == 1:
            more(3, first=1)
    assert counts[0] == counts[1]


# -- Pages


def test_pages_are_for_keepers(browser, province, client):
    for path in (
        "/quan-tri/thu-tuc/",
        "/quan-tri/thu-tuc/?q=khong-co",
        PAGE,
        f"{PAGE}phien-ban/1/",
    ):
        assert browser.get(path).status_code == 200
        assert client.get(path).status_code == 303
    for path in ("/quan-tri/thu-tuc/0.0/", f"{PAGE}phien-ban/9/"):
        assert browser.get(path).status_code == 404


def test_others_are_refused(province):
    client = Client()
    client.post("/dang-nhap/can-bo/", {"username": "vanthu.truongvinh", "password": DEMO_PASSWORD})
    account = identity.account_named("vanthu.truongvinh")
    code = identity.current_totp(account, at=clock.now()).code
    client.post("/dang-nhap/ma-xac-thuc/", {"code": code})
    assert client.get("/quan-tri/thu-tuc/").status_code == 403
    assert client.post(f"{PAGE}nhan-ho-so/", {"reason": "x", "is_active": "0"}).status_code == 403


def test_a_life_of_a_procedure_on_pages(browser):
    unsaid = browser.post(f"{PAGE}nhan-ho-so/", {"is_active": "0", "reason": ""})
    done = browser.post(f"{PAGE}nhan-ho-so/", {"is_active": "0", "reason": "Chờ biểu mẫu mới"})
    again = browser.post(f"{PAGE}nhan-ho-so/", {"is_active": "0", "reason": "x"})
    shown = text(browser.get(PAGE))
    back = browser.post(f"{PAGE}nhan-ho-so/", {"is_active": "1", "reason": "Đã có biểu mẫu"})
    order = {"announcement": "QĐ 2/QĐ-UBND", "valid_from": "01/01/2096"}
    bad = browser.post(PAGE, {**order, "valid_from": "01/01/2020"})
    made = browser.post(PAGE, order)
    twice = browser.post(PAGE, order)
    seen = text(browser.get(f"{PAGE}phien-ban/2/"))
    mute = browser.post(f"{PAGE}phien-ban/2/ban-hanh/", {"reason": ""})
    out = browser.post(f"{PAGE}phien-ban/2/ban-hanh/", {"reason": "Đã phê duyệt"})
    late = browser.post(f"{PAGE}phien-ban/2/bo/")
    browser.post(PAGE, {**order, "valid_from": "01/02/2096"})
    gone = browser.post(f"{PAGE}phien-ban/3/bo/")

    statuses = [
        one.status_code
        for one in (unsaid, done, again, back, bad, made, twice, mute, out, late, gone)
    ]
    assert statuses == [422, 303, 409, 303, 422, 303, 409, 422, 303, 409, 303]
    assert "Chờ biểu mẫu mới" in shown
    assert 'value="QĐ 2/QĐ-UBND"' in text(bad)
    assert ("Giấy chứng sinh" in seen, "Bản sao trích lục" in seen) == (True, True)


def test_a_draft_with_faults_says_so_on_its_page(browser, keeper):
    made = draft(keeper)
    ProcedureVersion.objects.filter(id=made.id).update(announcement=" ")
    assert "Thiếu quyết định công bố" in text(browser.get(f"{PAGE}phien-ban/2/"))
    answer = browser.post(f"{PAGE}phien-ban/2/ban-hanh/", {"reason": "x"})
    assert answer.status_code == 422


# -- API


def test_every_act_is_an_operation(browser):
    root = f"/api/v1/catalogue/procedures/{CODE}"

    def post(path, body):
        return browser.post(f"{root}{path}", body, content_type="application/json")

    listed = browser.get(f"/api/v1/catalogue/procedures?limit=1&q={CODE}").json()
    off_answer = post("/switch", {"is_active": False, "reason": "Tạm dừng thử"})
    on_answer = post("/switch", {"is_active": True, "reason": "Xong"})
    made = post("/versions", {"announcement": "QĐ 3", "valid_from": "2096-01-01"})
    bad = post("/versions/2/publish", {"reason": ""})
    out = post("/versions/2/publish", {"reason": "Duyệt"})
    post("/versions", {"announcement": "QĐ 4", "valid_from": "2096-02-01"})
    gone = post("/versions/3/discard", {})
    got = browser.get(root).json()

    assert [one["code"] for one in listed["items"]] == [CODE]
    assert (off_answer.json()["state"], on_answer.json()["state"]) == ("off", "published")
    assert [one.status_code for one in (made, bad, out, gone)] == [201, 422, 200, 200]
    assert [(one["number"], one["status"]) for one in got["versions"]] == [
        (2, "published"),
        (1, "published"),
    ]
    assert browser.get("/api/v1/catalogue/procedures/0.0").status_code == 404
    assert browser.get("/api/v1/catalogue/procedures?state=off").json() == {
        "items": [],
        "next": None,
    }
    assert Client().get("/api/v1/catalogue/procedures").status_code == 401
