"""The pages on passkeys, recovery codes and the authenticator: what each shows and leads to."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from sen.base import clock
from sen.kernel.identity import public as identity
from sen.kernel.identity.models import Session
from sen.kernel.identity.rules import RECENT
from sen.kernel.identity.tests.authenticator import Device
from sen.kernel.identity.tests.factories import (
    PASSWORD,
    AccountFactory,
    EmploymentFactory,
    code_of,
)
from sen.kernel.notifications import public as notifications
from sen.systems.account import manifest, services
from sen.systems.account.tests.test_pages import sign_in
from sen.web import frame

pytestmark = pytest.mark.django_db
HERE = "/tai-khoan/bao-mat/"


@pytest.fixture(autouse=True)
def addresses(settings, monkeypatch):
    monkeypatch.setattr(frame, "_providers", [])  # whatever else was imported: no foreign menu
    settings.ROOT_URLCONF = "sen.systems.account.tests.urls"
    settings.OFFICIAL_HOME = "/viec/"
    settings.PUBLIC_URL = "http://localhost:8000"


@pytest.fixture
def account():
    return EmploymentFactory().account


@pytest.fixture
def signed(client, account):
    sign_in(client, account)
    return client


def add(client, device, name="Điện thoại"):
    options = client.post(f"{HERE}khoa/hoi/").json()
    return client.post(f"{HERE}khoa/", {"name": name, "answer": device.create(options)})


def grow_old(account):
    Session.objects.filter(account=account).update(started_at=clock.now() - 2 * RECENT)


def after_password(account):
    other = Client()
    other.post("/dang-nhap/can-bo/", {"username": account.username, "password": PASSWORD})
    return other


def text_of(answer):
    return answer.content.decode()


@pytest.mark.parametrize("path", ["", "ung-dung/", "khoa/1/"])
def test_visitor_is_sent_to_sign_in_and_citizens_have_no_such_page(client, path):
    answer = client.get(HERE + path)
    client.force_login(AccountFactory())
    assert (answer.status_code, answer["Location"].split("?")[0]) == (303, "/dang-nhap/")
    assert client.get(HERE + path).status_code == 404


def test_passkey_is_added_renamed_and_removed(signed, account):
    device = Device()
    assert "Chưa có khóa nào." in text_of(signed.get(HERE))
    added = add(signed, device)
    assert (added.status_code, added["Location"]) == (303, HERE)
    [key] = identity.second_factors(account.pk).passkeys
    assert "Điện thoại" in text_of(signed.get(HERE))

    page = f"{HERE}khoa/{key.id}/"
    assert 'value="Điện thoại"' in text_of(signed.get(page))
    nameless = signed.post(page, {"name": " "})
    renamed = signed.post(page, {"name": "Máy cũ"})
    assert (nameless.status_code, renamed.status_code) == (422, 303)
    assert "Vui lòng đặt tên cho khóa" in text_of(nameless)
    assert "Máy cũ" in text_of(signed.get(HERE))

    assert signed.post(f"{page}go/")["Location"] == HERE
    assert [signed.get(page).status_code, signed.post(f"{page}go/").status_code] == [404, 404]


def test_key_that_does_not_hold_keeps_its_name_on_the_page(signed):
    signed.post(f"{HERE}khoa/hoi/")
    answer = signed.post(f"{HERE}khoa/", {"name": "Máy bàn", "answer": "{}"})
    page = text_of(answer)
    assert (answer.status_code, 'value="Máy bàn"' in page) == (422, True)
    assert "Khóa đăng nhập chưa được chấp nhận." in page


def test_asking_too_often_is_a_problem_with_a_plain_word(signed):
    for _ in range(20):
        signed.post(f"{HERE}khoa/hoi/")
    answer = signed.post(f"{HERE}khoa/hoi/")
    assert (answer.status_code, "thử quá nhiều lần" in answer.json()["detail"]) == (429, True)


def test_old_sign_in_sees_but_is_asked_to_sign_in_again_for_any_change(signed, account):
    add(signed, Device())
    [key] = identity.second_factors(account.pk).passkeys
    grow_old(account)
    page = text_of(signed.get(HERE))
    assert ("Điện thoại" in page, "data-passkey=" in page, "Đăng nhập lại" in page) == (
        True, False, True,
    )  # fmt: skip
    again = f"/dang-nhap/can-bo/?next={HERE.replace('/', '%2F')}"
    answers = [
        signed.post(f"{HERE}khoa/", {"name": "x", "answer": "{}"}),
        signed.post(f"{HERE}khoa/{key.id}/", {"name": "x"}),
        signed.post(f"{HERE}khoa/{key.id}/go/"),
        signed.post(f"{HERE}ma-du-phong/"),
        signed.get(f"{HERE}ung-dung/"),
        signed.post(f"{HERE}ung-dung/", {"code": "000000"}),
    ]
    assert [(one.status_code, one["Location"]) for one in answers] == [(303, again)] * 6
    assert signed.post(f"{HERE}khoa/hoi/").status_code == 403
    door = text_of(signed.get(again))
    assert ("Bạn đang đăng nhập." in door, f'value="{account.username}"' in door) == (True, True)
    assert len(identity.second_factors(account.pk).passkeys) == 1


def test_key_alone_leads_to_work_or_to_the_page_asked_for(signed, account):
    device = Device()
    add(signed, device)
    places = []
    for following in ("", "/tai-khoan/thiet-bi/", "https://example.org/"):
        other = Client()
        options = other.post("/dang-nhap/khoa/hoi/").json()
        answer = other.post("/dang-nhap/khoa/", {"answer": device.get(options), "next": following})
        places.append((answer.status_code, answer["Location"]))
        assert text_of(other.get("/")) == str(account.pk)
    assert places == [(303, "/viec/"), (303, "/tai-khoan/thiet-bi/"), (303, "/viec/")]


def test_unknown_key_is_refused_on_the_page_it_was_asked_on(signed, account):
    add(signed, Device())
    other = Client()
    options = other.post("/dang-nhap/khoa/hoi/").json()
    alone = other.post("/dang-nhap/khoa/", {"answer": Device().get(options), "next": "/ho-so/"})
    second = after_password(account)
    options = second.post("/dang-nhap/khoa/hoi/", {"second": "1"}).json()
    beside = second.post("/dang-nhap/khoa/", {"answer": Device().get(options), "second": "1"})
    assert [(one.status_code, "chưa được chấp nhận" in text_of(one)) for one in (alone, beside)] == [
        (422, True), (422, True),
    ]  # fmt: skip
    assert ('value="/ho-so/"' in text_of(alone), 'name="code"' in text_of(beside)) == (True, True)


def test_second_step_offers_what_the_account_has(signed, account):
    bare = text_of(after_password(account).get("/dang-nhap/ma-xac-thuc/"))
    add(signed, Device())
    signed.post(f"{HERE}ma-du-phong/")
    full = text_of(after_password(account).get("/dang-nhap/ma-xac-thuc/"))
    offered = ['data-passkey="get"', "/dang-nhap/ma-du-phong/"]
    assert [one in bare for one in offered] == [False, False]
    assert [one in full for one in offered] == [True, True]


def test_key_after_the_password_needs_the_password(signed, account):
    answer = Client().post("/dang-nhap/khoa/hoi/", {"second": "1"})
    assert (answer.status_code, "nhập lại mật khẩu" in answer.json()["detail"]) == (401, True)


def test_recovery_code_leads_to_the_page_where_new_ones_are_made(signed, account):
    made = signed.post(f"{HERE}ma-du-phong/")
    codes = re.findall(r"<code>([a-z2-9-]{11})</code>", text_of(made))
    assert (len(codes), made["Cache-Control"].count("no-store")) == (10, 1)
    assert "Còn 10 mã chưa dùng." in text_of(signed.get(HERE))

    other = after_password(account)
    assert other.get("/dang-nhap/ma-du-phong/").status_code == 200
    wrong = other.post("/dang-nhap/ma-du-phong/", {"code": "abcde-fghij"})
    right = other.post("/dang-nhap/ma-du-phong/", {"code": codes[0]}, follow=True)
    assert (wrong.status_code, "đã được dùng" in text_of(wrong)) == (422, True)
    assert (right.request["PATH_INFO"], "Bạn còn 9 mã." in text_of(right)) == (HERE, True)


def test_recovery_code_goes_on_to_a_forced_change_of_password(signed, account):
    codes = re.findall(r"<code>(.*?)</code>", text_of(signed.post(f"{HERE}ma-du-phong/")))
    identity.Account.objects.update(must_change_password=True)
    answer = after_password(account).post("/dang-nhap/ma-du-phong/", {"code": codes[0]})
    assert answer["Location"] == "/dang-nhap/mat-khau-moi/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_recovery_code_without_password_starts_over(client, method):
    answer = getattr(client, method)("/dang-nhap/ma-du-phong/")
    assert (answer.status_code, answer["Location"]) == (303, "/dang-nhap/can-bo/")


def test_last_recovery_code_is_said_to_be_the_last(signed, account):
    signed.post(f"{HERE}ma-du-phong/")
    from allauth.mfa.models import Authenticator

    Authenticator.objects.filter(type="recovery_codes").update(data={"digests": []})
    assert "Bạn đã dùng hết mã dự phòng." in text_of(signed.get(HERE))


def test_authenticator_moves_to_another_phone(signed, account):
    page = text_of(signed.get(f"{HERE}ung-dung/"))
    secret = re.search(r'copy-code-value">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    wrong = signed.post(f"{HERE}ung-dung/", {"code": "000000"})
    assert (wrong.status_code, "Mã xác thực chưa đúng." in text_of(wrong)) == (422, True)
    right = signed.post(f"{HERE}ung-dung/", {"code": code_of(clock.now(), secret)})
    assert (right.status_code, right["Location"]) == (303, HERE)
    old = after_password(account).post("/dang-nhap/ma-xac-thuc/", {"code": code_of(clock.now())})
    assert old.status_code == 422


@pytest.mark.parametrize("change", list(identity.FactorChange))
def test_owner_is_told_of_each_change_in_both_languages(account, change):
    at = clock.now()
    services.tell_owner(account=account.pk, change=change, at=at)
    [template] = [one for one in manifest.TEMPLATES if one.code == f"account.{change.value}"]
    told = notifications.inbox(identity.actor_for(account.pk), language="vi").rows
    assert [(one.title, one.link) for one in told] == [(template.title["vi"], HERE)]
    assert f"{clock.local(at):%H:%M, %d/%m/%Y}" in told[0].body
    assert (template.is_mandatory, sorted(template.body)) == (True, ["en", "vi"])


def test_change_reaches_its_owner_with_the_act(signed, account):
    add(signed, Device())
    actor = identity.actor_for(account.pk)
    assert notifications.unread(actor) == 1
