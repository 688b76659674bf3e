"""The account pages: what each shows, refuses and leads to."""

from __future__ import annotations

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sen.base import clock
from sen.base.actor import Actor, Strength
from sen.base.errors import Invalid, NotAllowed
from sen.kernel.identity import public as identity
from sen.kernel.identity.tests.factories import (
    PASSWORD,
    EmploymentFactory,
    OfficialFactory,
    PositionFactory,
    code_of,
)
from sen.kernel.organisations import public as organisations
from sen.systems.account import forms, queries, services, tables
from sen.web import frame

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses(settings, monkeypatch):
    monkeypatch.setattr(frame, "_providers", [])  # whatever else was imported: no foreign menu
    settings.ROOT_URLCONF = "sen.systems.account.tests.urls"
    settings.OFFICIAL_HOME = "/viec/"
    settings.NATIONAL_IDENTITY_URL = ""


def sign_in(client, account, **more):
    client.post("/dang-nhap/can-bo/", {"username": account.username, "password": PASSWORD, **more})
    return client.post("/dang-nhap/ma-xac-thuc/", {"code": code_of(clock.now())})


@pytest.mark.parametrize("path", ["", "thiet-bi/", "mat-khau/"])
def test_visitor_is_sent_to_sign_in_and_back(client, path):
    answer = client.get(f"/tai-khoan/{path}")
    assert (answer.status_code, answer["Location"]) == (
        303, "/dang-nhap/?next=" + f"/tai-khoan/{path}".replace("/", "%2F"),
    )  # fmt: skip


READ = "Sau khi đăng nhập, bạn trở lại đúng trang đang xem."
SENT = "Nội dung bạn vừa gửi chưa được ghi."


@pytest.mark.parametrize(("is_sent", "said"), [(False, READ), (True, SENT)])
def test_whose_session_ended_is_told_and_comes_back(client, is_sent, said):
    sign_in(client, EmploymentFactory().account)
    identity.Session.objects.all().delete()  # ended from another device, or by time
    place = "/tai-khoan/thiet-bi/"
    if is_sent:
        refused = client.post(
            place, {"session": "others"}, HTTP_REFERER=f"http://testserver{place}"
        )
    else:
        refused = client.get(place)
    ended = "gui" if is_sent else "doc"
    expected = f"/dang-nhap/?next=%2Ftai-khoan%2Fthiet-bi%2F&het-phien={ended}"
    assert (refused.status_code, refused["Location"]) == (303, expected)
    page = client.get(expected).content.decode()
    assert [page.count("Phiên làm việc của bạn đã kết thúc"), page.count(said)] == [1, 1]
    assert sign_in(client, EmploymentFactory().account, next=place)["Location"] == place


def test_an_official_idle_too_long_is_told_as_well(client):
    sign_in(client, EmploymentFactory().account)
    identity.Session.objects.update(last_seen_at=clock.now() - dt.timedelta(days=1))
    assert client.get("/tai-khoan/")["Location"].endswith("&het-phien=doc")


def test_who_signed_out_or_only_began_to_sign_in_had_no_session_that_ended(client):
    account = EmploymentFactory().account
    begun_by = {"username": account.username, "password": PASSWORD}
    client.post("/dang-nhap/can-bo/", begun_by)
    begun = client.get("/tai-khoan/")["Location"]
    sign_in(client, account)
    client.post("/dang-xuat/")
    left = client.get("/tai-khoan/")["Location"]
    assert [begun, left] == ["/dang-nhap/?next=%2Ftai-khoan%2F"] * 2


def test_sign_in_page_offers_both_ways(client, settings):
    without = client.get("/dang-nhap/").content.decode()
    settings.NATIONAL_IDENTITY_URL = "https://dinh-danh.example"
    page = client.get("/dang-nhap/?next=/ho-so/").content.decode()
    assert "chưa được kết nối" in without
    assert 'action="/dang-nhap/cong-dan/"' in page
    assert 'href="/dang-nhap/can-bo/?next=%2Fho-so%2F"' in page


def test_official_comes_back_to_the_page_asked_for(client):
    answer = sign_in(client, EmploymentFactory().account, next="/tai-khoan/thiet-bi/")
    assert (answer.status_code, answer["Location"]) == (303, "/tai-khoan/thiet-bi/")
    again = client.get("/dang-nhap/?next=/ho-so/")
    assert (again.status_code, again["Location"]) == (303, "/ho-so/")


def test_wrong_password_keeps_the_user_name_and_names_the_field(client):
    answer = client.post("/dang-nhap/can-bo/", {"username": "ai", "password": "x"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_password"' in page
    assert 'value="ai"' in page
    assert page.count("Tên đăng nhập hoặc mật khẩu chưa đúng.") == 2


def test_messages_are_said_in_the_language_of_the_page(client):
    client.cookies["sen_language"] = "en"
    answer = client.post("/dang-nhap/can-bo/", {"username": "ai", "password": "x"})
    assert "User name or password is wrong." in answer.content.decode()


@pytest.mark.parametrize("path", ["ma-xac-thuc/", "mat-khau-moi/", "cai-xac-thuc/"])
def test_steps_without_password_start_over(client, path):
    for answer in (client.get(f"/dang-nhap/{path}"), client.post(f"/dang-nhap/{path}")):
        assert (answer.status_code, answer["Location"]) == (303, "/dang-nhap/can-bo/")


def test_new_official_walks_through_every_step(client):
    account = OfficialFactory(secrets=False, must_change_password=True)
    first = client.post("/dang-nhap/can-bo/", {"username": account.username, "password": PASSWORD})
    assert first["Location"] == "/dang-nhap/mat-khau-moi/"
    assert client.get("/dang-nhap/mat-khau-moi/").status_code == 200
    unequal = client.post("/dang-nhap/mat-khau-moi/", {"password": "a" * 12, "again": "b"})
    weak = client.post("/dang-nhap/mat-khau-moi/", {"password": "12345678", "again": "12345678"})
    assert (unequal.status_code, weak.status_code) == (422, 422)
    assert "chưa giống nhau" in unequal.content.decode()
    long = "mùa xuân trên sông Lam"
    second = client.post("/dang-nhap/mat-khau-moi/", {"password": long, "again": long})
    assert second["Location"] == "/dang-nhap/cai-xac-thuc/"

    page = client.get("/dang-nhap/cai-xac-thuc/").content.decode()
    assert "<svg" in page
    secret = re.search(r'copy-code-value">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    wrong = client.post("/dang-nhap/cai-xac-thuc/", {"code": "000000"})
    assert (wrong.status_code, secret[:4] in wrong.content.decode()) == (422, True)
    right = code_of(clock.now(), secret)
    done = client.post("/dang-nhap/cai-xac-thuc/", {"code": right})
    assert (done.status_code, done["Location"]) == (303, "/")  # no position yet, no list of work
    assert client.get("/").content.decode() == str(account.pk)


def test_code_is_shown_in_a_demo_only(client, settings):
    account = EmploymentFactory().account
    typed = {"username": account.username, "password": PASSWORD}
    settings.DEMO = True
    client.post("/dang-nhap/can-bo/", typed)
    shown = client.get("/dang-nhap/ma-xac-thuc/").content.decode()
    settings.DEMO = False
    hidden = client.get("/dang-nhap/ma-xac-thuc/").content.decode()
    assert ("copy-code" in shown, "copy-code" in hidden) == (True, False)
    assert client.get("/demo/").status_code == 404


def test_spent_code_is_said_to_be_spent(client, settings):
    settings.DEMO = True
    account = EmploymentFactory().account
    account.totp_counter = 10**12
    account.save()
    client.post("/dang-nhap/can-bo/", {"username": account.username, "password": PASSWORD})
    page = client.get("/dang-nhap/ma-xac-thuc/").content.decode()
    assert "vừa được dùng" in page
    assert "copy-code-value" not in page


def test_profile_shows_the_number_masked_and_costs_few_selects(client):
    account = EmploymentFactory(account__person__number="040190000777").account
    sign_in(client, account)
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/tai-khoan/").content.decode()
    assert "040 ••• ••• 777" in page
    assert "040190000777" not in page
    assert len(asked) <= 4


def test_switching_to_a_position_not_held_is_refused(client):
    sign_in(client, EmploymentFactory().account)
    answers = [
        client.post("/tai-khoan/chuc-vu/", {"position": position}).status_code
        for position in (PositionFactory().pk, "x")
    ]
    assert answers == [403, 404]


def test_official_begins_at_the_list_of_work(client):
    employment = EmploymentFactory()
    signed = sign_in(client, employment.account)
    again = client.get("/dang-nhap/")
    switched = client.post("/tai-khoan/chuc-vu/", {"position": employment.position_id})
    assert [one["Location"] for one in (signed, again, switched)] == ["/viec/"] * 3


def test_acting_for_oneself_returns_to_where_the_form_stood(client):
    sign_in(client, EmploymentFactory().account)
    way = "/tai-khoan/dai-dien/"
    named = client.post(way, {"next": "/ho-so/"})
    came = client.post(way, HTTP_REFERER="http://testserver/ho-so/1/")
    other = client.post(way, HTTP_REFERER="https://example.org/")
    assert [one["Location"] for one in (named, came, other)] == [
        "/ho-so/", "http://testserver/ho-so/1/", "/tai-khoan/",
    ]  # fmt: skip


def test_representation_of_somebody_else_is_refused(client):
    sign_in(client, EmploymentFactory().account)
    answers = [
        client.post("/tai-khoan/dai-dien/", {"representation": asked}).status_code
        for asked in (uuid4(), "x", "")
    ]
    assert answers == [403, 404, 303]


def test_devices_are_listed_and_ended(client):
    account = EmploymentFactory().account
    sign_in(client, account)
    identity.Account.objects.update(totp_counter=0)
    other = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) CriOS/1 Safari/1")
    sign_in(other, account)
    page = client.get("/tai-khoan/thiet-bi/").content.decode()
    assert ("Chrome · iPhone" in page, page.count("Thiết bị này")) == (True, 1)

    ended = re.search(r'name="session" value="([0-9a-f-]{36})"', page)[1]
    client.post("/tai-khoan/thiet-bi/", {"session": ended})
    assert other.get("/").content == b"None"
    gone = client.post("/tai-khoan/thiet-bi/", {"session": ended}, follow=True)
    assert "đã kết thúc trước đó" in gone.content.decode()
    malformed = client.post("/tai-khoan/thiet-bi/", {"session": "x"}, follow=True)
    assert "đã kết thúc trước đó" in malformed.content.decode()
    client.post("/tai-khoan/thiet-bi/", {"session": "others"})
    assert client.get("/").content.decode() == str(account.pk)


def test_own_password_is_changed_with_the_old_one(client):
    account = EmploymentFactory().account
    sign_in(client, account)
    assert account.username in client.get("/tai-khoan/mat-khau/").content.decode()
    new = "hoa đào nở muộn"
    wrong = client.post("/tai-khoan/mat-khau/", {"old": "x", "password": new, "again": new})
    right = client.post("/tai-khoan/mat-khau/", {"old": PASSWORD, "password": new, "again": new})
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert client.get("/").content.decode() == str(account.pk)


def test_sign_out_is_a_post(client):
    sign_in(client, EmploymentFactory().account)
    assert client.get("/dang-xuat/").status_code == 405
    assert client.post("/dang-xuat/")["Location"] == "/dang-nhap/"
    assert client.get("/").content == b"None"


def test_leaving_needs_a_provider(client):
    answer = client.post("/dang-nhap/cong-dan/")
    assert (answer.status_code, "chưa phản hồi" in answer.content.decode()) == (503, True)


def test_seed_is_for_a_demo_only(settings):
    settings.DEMO = False
    with pytest.raises(NotAllowed):
        services.seed_people(at=clock.now())


def test_seed_lays_down_people_once():
    at = clock.now()
    organisations.seed(at)
    added = services.seed_people(at=at)
    again = services.seed_people(at=at)
    elsewhere = [
        one for one in queries.demo_officials() if one.username.endswith((".noivu", ".datdai"))
    ]
    assert (added, again) == (len(queries.demo_officials()) - len(elsewhere), 0)
    father, mother = (
        identity.find_person(one.national_number) for one in queries.demo_citizens()[:2]
    )
    assert identity.close_family(father.pk) == {mother.pk}
    groups = queries.demo_groups(clock.day(at))
    assert [len(group.entries) for group in groups] == [4, 12, 6, 2]
    deputy = identity.account_named("phochutich.truongvinh")
    assert [one.position.code for one in identity.employments(deputy.pk, clock.day(at))] == [
        "vice_chair", "centre_director",
    ]  # fmt: skip


def test_officials_of_a_department_come_with_the_whole_province():
    at = clock.now()
    organisations.seed(at)
    organisations.seed_province(at)

    assert services.seed_people(at=at) == len(queries.demo_officials())
    groups = queries.demo_groups(clock.day(at))
    assert [len(group.entries) for group in groups] == [4, 12, 6, 2, 4, 4]
    assert [group.title for group in groups[-2:]] == [
        "Sở Nội vụ tỉnh Nghệ An", "Sở Nông nghiệp và Môi trường tỉnh Nghệ An",
    ]  # fmt: skip


def test_form_is_prefilled_from_the_sign_in_and_the_marriage():
    at = clock.now()
    organisations.seed(at)
    services.seed_people(at=at)
    mother = identity.find_person("040195000102")
    asked = Actor(person=mother.pk)
    assert queries.known_person(asked, None) == {
        "full_name": "Trần Thị Mẫu",
        "national_number": "040195000102",
        "birth_date": "1995-03-08",
        "phone": None,
        "email": None,
        "nationality": "Việt Nam",
        "address": {"line": "Số 12, đường Thử Nghiệm, khối Hoa Sen", "code": "16690"},
    }
    assert queries.known_spouse(asked, None)["full_name"] == "Nguyễn Văn Thử"
    alone = Actor(person=identity.find_person("040161000103").pk)
    assert queries.known_spouse(alone, None) == {}
    assert (queries.known_person(Actor(), None), queries.known_spouse(Actor(), None)) == ({}, {})


def test_demo_page_without_units_lists_the_citizens():
    assert [group.title for group in queries.demo_groups(clock.day(clock.now()))] == ["Người dân"]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/1 Safari/1 Edg/1", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Mac OS X) Version/1 Safari/1", "Safari · Mac"),
        ("Mozilla/5.0 (Android 15) Firefox/1", "Firefox · Android"),
        ("curl/8", "Thiết bị không rõ"),
    ],
)
def test_devices_have_names_people_know(agent, name):
    assert queries.agent_name(agent) == name


def test_small_things():
    assert (queries.masked(""), tables.in_fours("ABCDEFGHIJ")) == ("", "ABCD EFGH IJ")
    assert (forms.wanted_level("2"), forms.wanted_level("x")) == (
        Strength.LEVEL_2, Strength.LEVEL_1,
    )  # fmt: skip
    assert forms.repeated({"password": "a", "again": "a"}) == "a"
    with pytest.raises(Invalid):
        forms.repeated({"password": "a"})
    assert tables.strength_text(Strength.NONE) == "Chưa xác thực"


@pytest.mark.parametrize("path", ["/dang-nhap/?next=/ho-so/", "/dang-nhap/can-bo/", "/demo/"])
def test_signing_in_is_at_the_public_address(client, settings, path):
    settings.PUBLIC_URL = "http://localhost:8000"
    led = client.get(path, headers={"host": "127.0.0.1:8000"})
    assert (led.status_code, led.url) == (303, f"http://localhost:8000{path}")
    assert client.get(path, headers={"host": "localhost:8000"}).status_code == 200
    assert client.get(path, headers={"host": "127.0.0.1:9000"}).status_code == 200
