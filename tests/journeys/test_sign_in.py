"""Signing in over real sockets.

Citizens come through the stand-in of the national identity, with each of its faults, officials by
password and one-time code.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.handlers.wsgi import WSGIHandler

from sen.base import clock
from sen.base.actor import Strength
from sen.kernel.identity import public as identity
from sen.kernel.identity.adapters import national_identity as protocol
from sen.kernel.identity.models import NationalIdentity, Session
from sen.kernel.organisations import public as organisations
from sen.systems.account import queries
from sen.systems.account.data import DEMO_PASSWORD
from sen.systems.account.services import seed_people
from sen.web import frame
from simulators.__main__ import Quiet, Server, make_server
from simulators.national_identity.people import people
from simulators.national_identity.site import NationalIdentity as StandIn
from simulators.site import application

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed_db")]

REFUSED = "Không xác minh được kết quả định danh"
AGAIN = "Lượt đăng nhập đã hết hạn hoặc đã được dùng"
UNAVAILABLE = "Hệ thống định danh điện tử quốc gia chưa phản hồi"


@contextmanager
def served(serve):
    """Serve a WSGI application on a free port while the block runs; give its address."""
    server = make_server("127.0.0.1", 0, serve, Server, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def stand_in():
    """Serve the stand-in; slow is a second, for Sen waits half of one here."""
    site = StandIn(client="sen", secret="bí mật thử", slow_seconds=1)
    with served(application({"national-identity": site})) as address:
        yield f"{address}/national-identity"


@pytest.fixture
def sen(committed_db, stand_in, settings, monkeypatch):
    """Serve Sen's account pages, wired to the stand-in."""
    settings.ROOT_URLCONF = "sen.systems.account.tests.urls"
    settings.OFFICIAL_HOME = "/viec/"
    settings.NATIONAL_IDENTITY_URL = stand_in
    settings.NATIONAL_IDENTITY_SECRET = "bí mật thử"
    monkeypatch.setattr(protocol, "TIMEOUT", (0.5, 0.5))
    monkeypatch.setattr(frame, "_providers", [])  # a visitor's: here is no other system's address
    monkeypatch.setattr(frame, "parts", lambda *_actor, **_where: [])  # likewise
    protocol.forget_metadata()
    with served(WSGIHandler()) as address:
        settings.PUBLIC_URL = address
        yield address
    protocol.forget_metadata()


class Browser:
    """A browser without scripts: follows links, sends the forms it is shown."""

    def __init__(self, sen):
        self.sen = sen
        self.http = requests.Session()
        self.page = None

    def open(self, path):
        self.page = self.http.get(path if path.startswith("http") else self.sen + path, timeout=10)
        return self

    def send(self, action, **typed):
        """Fill the form whose action ends so, keep its hidden fields, send it."""
        for form in re.findall(r"<form[^>]*>.*?</form>", self.page.text, re.DOTALL):
            target = re.search(r'action="([^"]*)"', form)[1]
            if target.endswith(action) and all(f'name="{name}"' in form for name in typed):
                break
        else:
            raise AssertionError(f"no form {action} with {list(typed)}")
        fields = {
            re.search(r'name="([^"]*)"', tag)[1]: re.search(r'value="([^"]*)"', tag)[1]
            for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', form)
        }
        for group in re.findall(r'<input type="radio"[^>]*checked>', form):
            name = re.search(r'name="([^"]*)"', group)[1]
            fields[name] = re.search(r'value="([^"]*)"', group)[1]
        address = target if target.startswith("http") else self.sen + target
        self.page = self.http.post(address, data={**fields, **typed}, timeout=10)
        return self

    def citizen(self, person="me", level="LoA2", fault="", answer="agree"):
        self.open("/dang-nhap/").send("/dang-nhap/cong-dan/")
        return self.send(
            "/oauth2/authorize", person=person, level=level, fault=fault, answer=answer
        )

    @property
    def session(self):
        return Session.objects.select_related("account__person").get(account__isnull=False)


@pytest.mark.parametrize(
    ("level", "strength"), [("LoA1", Strength.LEVEL_1), ("LoA2", Strength.LEVEL_2)]
)
def test_citizen_signs_in_at_either_level(sen, level, strength):
    browser = Browser(sen).citizen("me", level)

    account = browser.session.account
    assert (browser.page.url, browser.page.text) == (f"{sen}/", str(account.pk))
    assert (browser.session.strength, account.person.full_name) == (strength, "Trần Thị Mẫu")
    assert identity.national_number(account.person) == people()["me"].national_number
    tie = NationalIdentity.objects.get()
    assert (tie.issuer.rsplit("/", 1)[1], tie.subject) == ("national-identity", people()["me"].sub)


def test_second_visit_finds_the_same_account(sen):
    first = Browser(sen).citizen().session.account_id
    Session.objects.all().delete()
    again = Browser(sen).citizen().session.account_id
    assert again == first


def test_page_asked_for_comes_after_the_sign_in(sen):
    browser = Browser(sen).open("/tai-khoan/thiet-bi/")
    browser.send("/dang-nhap/cong-dan/").send("/oauth2/authorize", answer="agree")
    assert browser.page.url == f"{sen}/tai-khoan/thiet-bi/"


def test_another_site_is_never_the_next_page(sen):
    browser = Browser(sen).open("/dang-nhap/?next=https://example.org/")
    browser.send("/dang-nhap/cong-dan/").send("/oauth2/authorize", answer="agree")
    assert browser.page.url == f"{sen}/"


def test_stronger_level_is_asked_for_and_given(sen):
    browser = Browser(sen).citizen(level="LoA1").open("/dang-nhap/?cap=2&next=/tai-khoan/")
    assert "Cần xác thực mạnh hơn" in browser.page.text
    browser.send("/dang-nhap/cong-dan/").send("/oauth2/authorize", answer="agree")
    assert (browser.session.strength, browser.page.url) == (Strength.LEVEL_2, f"{sen}/tai-khoan/")


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        ("wrong_signature", 403, REFUSED),
        ("wrong_nonce", 403, REFUSED),
        ("wrong_audience", 403, REFUSED),
        ("unknown_level", 403, REFUSED),
        ("no_number", 403, REFUSED),
        ("mismatched_sub", 403, REFUSED),
        ("expired_code", 409, AGAIN),
        ("token_500", 503, UNAVAILABLE),
        ("token_slow", 503, UNAVAILABLE),
    ],
)
def test_each_fault_is_said_humanely_and_signs_nobody_in(sen, fault, status, said):
    browser = Browser(sen).citizen(fault=fault)
    assert (browser.page.status_code, said in browser.page.text) == (status, True)
    assert "Đăng nhập lại" in browser.page.text
    assert not Session.objects.filter(account__isnull=False).exists()
    assert not identity.Account.objects.exists()


@pytest.mark.parametrize("outage", ["down", "slow"])
def test_outage_is_said_before_leaving(sen, stand_in, outage):
    requests.post(f"{stand_in}/su-co", data={"outage": outage}, timeout=5)
    browser = Browser(sen).open("/dang-nhap/").send("/dang-nhap/cong-dan/")
    assert (browser.page.status_code, UNAVAILABLE in browser.page.text) == (503, True)


def test_refusing_consent_is_no_error(sen):
    browser = Browser(sen).citizen(answer="refuse")
    assert "Bạn đã hủy đăng nhập" in browser.page.text
    assert not identity.Account.objects.exists()


def test_answer_is_good_once_and_only_in_its_browser(sen):
    browser = Browser(sen)
    browser.citizen()
    came_back = next(step.url for step in browser.page.history if "dinh-danh" in step.url)
    Session.objects.all().delete()
    other = Browser(sen).open(came_back)
    assert (other.page.status_code, AGAIN in other.page.text) == (409, True)
    forged = f"{sen}/dang-nhap/dinh-danh/?code=x&state=x"
    assert Browser(sen).open(forged).page.status_code == 409


def test_known_subject_with_another_number_is_refused(sen):
    account = Browser(sen).citizen("me").session.account
    Session.objects.all().delete()
    NationalIdentity.objects.filter(account=account).update(subject=people()["cha"].sub)
    browser = Browser(sen).citizen("cha")
    assert (browser.page.status_code, "không khớp" in browser.page.text) == (403, True)
    assert not Session.objects.filter(account__isnull=False).exists()


def test_known_person_with_another_subject_is_refused(sen):
    account = Browser(sen).citizen("me").session.account
    Session.objects.all().delete()
    NationalIdentity.objects.filter(account=account).update(subject="mp-khac")
    assert Browser(sen).citizen("me").page.status_code == 403


def test_leaving_carries_pkce_nonce_and_level(sen, stand_in):
    browser = Browser(sen).open("/dang-nhap/?cap=2").send("/dang-nhap/cong-dan/")
    asked = {key: value[0] for key, value in parse_qs(urlsplit(browser.page.url).query).items()}
    assert {key: len(asked.pop(key)) for key in ("state", "nonce", "code_challenge")} == {
        "state": 32, "nonce": 32, "code_challenge": 43,
    }  # fmt: skip
    assert asked == {
        "response_type": "code",
        "client_id": "sen",
        "redirect_uri": f"{sen}/dang-nhap/dinh-danh/",
        "scope": "openid",
        "acr_values": "LoA2",
        "code_challenge_method": "S256",
        "prompt": "login",
    }


@pytest.fixture
def seeded(sen, settings):
    settings.DEMO = True
    organisations.seed(clock.now())
    seed_people(at=clock.now())
    return sen


def test_demo_page_signs_everybody_in_by_the_true_steps(seeded):
    organisations.seed_province(clock.now())
    seed_people(at=clock.now())
    browser = Browser(seeded).open("/demo/")
    assert all(one.full_name in browser.page.text for one in queries.demo_officials())

    official = browser.page.text
    assert official.count("/dang-nhap/can-bo/") == len(queries.demo_officials())
    browser.send("/dang-nhap/can-bo/", username="hotich.truongvinh")
    shown = re.search(r'copy-code-value">(\d{6})<', browser.page.text)[1]
    assert browser.page.url == f"{seeded}/dang-nhap/ma-xac-thuc/"
    assert f'value="{shown}"' in browser.page.text
    browser.send("/dang-nhap/ma-xac-thuc/", code=shown)
    account = browser.session.account
    assert (browser.page.url, browser.page.text) == (f"{seeded}/viec/", str(account.pk))
    assert account.username == "hotich.truongvinh"

    browser.open("/demo/").send("/dang-nhap/cong-dan/", ai="cha")
    assert "Nguyễn Văn Thử" in browser.page.text
    browser.send("/oauth2/authorize", answer="agree")
    assert browser.session.account.person.full_name == "Nguyễn Văn Thử"


def test_official_is_told_of_wrong_password_wrong_and_used_code(seeded):
    browser = Browser(seeded).open("/dang-nhap/can-bo/")
    browser.send("/dang-nhap/can-bo/", username="motcua.daidong", password="sai")
    assert (browser.page.status_code, "Tên đăng nhập hoặc mật khẩu chưa đúng." in browser.page.text,
            'value="motcua.daidong"' in browser.page.text) == (422, True, True)  # fmt: skip
    browser.send("/dang-nhap/can-bo/", username="motcua.daidong", password=DEMO_PASSWORD)
    browser.send("/dang-nhap/ma-xac-thuc/", code="000000")
    assert (browser.page.status_code, "Mã xác thực chưa đúng." in browser.page.text) == (422, True)
    shown = re.search(r'copy-code-value">(\d{6})<', browser.page.text)[1]
    browser.send("/dang-nhap/ma-xac-thuc/", code=shown)

    other = Browser(seeded).open("/dang-nhap/can-bo/")
    other.send("/dang-nhap/can-bo/", username="motcua.daidong", password=DEMO_PASSWORD)
    other.send("/dang-nhap/ma-xac-thuc/", code=shown)
    assert (other.page.status_code, "Mã này đã được dùng." in other.page.text) == (422, True)


def test_guesser_is_stopped_with_a_plain_word(seeded):
    browser = Browser(seeded).open("/dang-nhap/can-bo/")
    for _ in range(10):
        browser.send("/dang-nhap/can-bo/", username="vanthu.daidong", password="sai")
    browser.send("/dang-nhap/can-bo/", username="vanthu.daidong", password=DEMO_PASSWORD)
    assert (browser.page.status_code, "thử quá nhiều lần" in browser.page.text) == (429, True)


def test_official_switches_position_lists_devices_and_leaves(seeded):
    browser = Browser(seeded).open("/demo/")
    browser.send("/dang-nhap/can-bo/", username="phochutich.truongvinh")
    shown = re.search(r'copy-code-value">(\d{6})<', browser.page.text)[1]
    browser.send("/dang-nhap/ma-xac-thuc/", code=shown).open("/tai-khoan/")
    held = identity.employments(browser.session.account_id, clock.day(clock.now()))
    assert [one.position.code for one in held] == ["vice_chair", "centre_director"]

    browser.send("/tai-khoan/chuc-vu/", position=str(held[1].position_id))
    assert browser.page.url == f"{seeded}/viec/"
    assert browser.session.employment_id == held[1].pk
    browser.open("/tai-khoan/thiet-bi/")
    assert "Bạn đang làm việc với chức vụ vừa chọn." in browser.page.text
    assert "Thiết bị này" in browser.page.text
    browser.open("/tai-khoan/").send("/dang-xuat/")
    assert "Bạn đã đăng xuất." in browser.page.text
    assert not Session.objects.filter(account__isnull=False).exists()


def test_guardian_acts_for_the_child(seeded):
    browser = Browser(seeded).citizen("ba").open("/tai-khoan/")
    assert "Lê Bé Ví Dụ" in browser.page.text
    chosen = identity.representations(browser.session.account.person_id, clock.day(clock.now()))[0]
    browser.send("/tai-khoan/dai-dien/", representation=str(chosen.pk))
    assert browser.session.representation_id == chosen.pk
    browser.send("/tai-khoan/dai-dien/", representation="")
    assert browser.session.representation_id is None


def test_seed_and_stand_in_know_the_same_people(seeded):
    assert seed_people(at=clock.now()) == 0
    assert {one.hint: (one.national_number, one.full_name) for one in queries.demo_citizens()} == {
        key: (one.national_number, one.full_name) for key, one in people().items()
    }
