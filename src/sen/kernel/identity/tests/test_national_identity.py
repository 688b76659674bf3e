"""The national identity's protocol, against a provider that answers inside this process.

The journeys speak to the stand-in over real sockets; here each answer can be bent.
"""

from __future__ import annotations

import json
import threading
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import ECKey

from sen.base.actor import Strength
from sen.base.errors import NotAllowed, TooMany
from sen.kernel.identity import public as identity
from sen.kernel.identity.adapters import national_identity as protocol
from sen.kernel.identity.models import Session
from sen.kernel.identity.tests.factories import AT, PASSWORD, EmploymentFactory
from sen.kernel.identity.tests.test_door import Browser, frozen, signed_in

__all__ = ["frozen"]
pytestmark = pytest.mark.django_db
ISSUER = "https://dinh-danh.example"
CALLBACK = "https://sen.example/dang-nhap/dinh-danh/"
PERSON = {
    "sub": "s1", "SoDinhDanh": "040195000102", "HoVaTen": "Trần Thị Mẫu",
    "NgaySinh": "08/03/1995", "GioiTinh": "Nữ",
}  # fmt: skip


class Provider:
    """Answers what a provider answers; `bent` replaces the answer of an address."""

    def __init__(self):
        self.key = ECKey.generate_key("P-256", {"kid": "1"})
        self.nonce = ""
        self.claims = {}
        self.userinfo = dict(PERSON)
        self.bent = {}
        self.asked = []

    def discovery(self):
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
            "jwks_uri": f"{ISSUER}/jwks",
        }

    def token(self):
        at = int(AT.timestamp())
        claims = {
            "iss": ISSUER, "aud": "sen", "sub": "s1", "iat": at, "exp": at + 60,
            "nonce": self.nonce, "acr": "LoA2", **self.claims,
        }  # fmt: skip
        return {
            "access_token": "a",
            "id_token": jwt.encode({"alg": "ES256", "kid": "1"}, claims, self.key),
        }

    def answer(self, url, **_options):
        path = urlsplit(url).path
        self.asked.append(path)
        bodies = {
            "/.well-known/openid-configuration": self.discovery,
            "/jwks": lambda: {"keys": [self.key.as_dict(private=False)]},
            "/token": self.token,
            "/userinfo": lambda: self.userinfo,
        }
        bent = self.bent.get(path)
        if isinstance(bent, Exception):
            raise bent
        response = requests.Response()
        response.status_code = bent if isinstance(bent, int) else 200
        body = bent if isinstance(bent, dict | list) else bodies[path]()
        response._content = json.dumps(body).encode()
        return response


@pytest.fixture
def provider(monkeypatch, settings):
    made = Provider()
    monkeypatch.setattr(requests, "get", made.answer)
    monkeypatch.setattr(requests, "post", made.answer)
    settings.NATIONAL_IDENTITY_URL = ISSUER
    protocol.forget_metadata()
    yield made
    protocol.forget_metadata()


def leave(browser, provider, **changes):
    given = {"callback": CALLBACK, "strength": Strength.LEVEL_2, **changes}
    address = browser.do(identity.leave_for_national_identity, **given)
    asked = {key: value[0] for key, value in parse_qs(urlsplit(address).query).items()}
    provider.nonce = asked["nonce"]
    return asked


def back(browser, query):
    request = browser.request(f"/?{query}")
    try:
        return identity.return_from_national_identity(request, callback=CALLBACK, at=AT)
    finally:
        browser.keep(request)


def come_back(provider):
    browser = Browser()
    asked = leave(browser, provider)
    return back(browser, f"code=c&state={asked['state']}")


def test_citizen_is_signed_in(provider):
    browser = Browser()
    asked = leave(browser, provider, hint="me")
    account = back(browser, f"code=c&state={asked['state']}")
    assert (asked["acr_values"], asked["login_hint"]) == ("LoA2", "me")
    actor = browser.actor()
    assert (actor.account, actor.strength, actor.position) == (
        account.pk, Strength.LEVEL_2, None,
    )  # fmt: skip


def test_discovery_and_keys_are_read_once(provider):
    come_back(provider)
    provider.asked.clear()
    come_back(provider)
    assert provider.asked == ["/token", "/userinfo"]


def test_new_keys_are_fetched_when_the_known_ones_do_not_fit(provider):
    come_back(provider)
    provider.key = ECKey.generate_key("P-256", {"kid": "1"})
    assert come_back(provider).kind == "citizen"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://khac.example"},
        {"aud": "khac"},
        {"nonce": "khac"},
        {"exp": 1},
        {"sub": ""},
        {"sub": 7},
        {"acr": "LoA9"},
        {"iat": None},
    ],
)
def test_id_token_that_does_not_hold_is_refused(provider, claims):
    provider.claims = claims
    with pytest.raises(identity.AnswerRefused):
        come_back(provider)
    assert not identity.Account.objects.exists()


@pytest.mark.parametrize(
    ("path", "bent", "failure"),
    [
        ("/token", {"access_token": "a"}, identity.AnswerRefused),
        ("/token", {"access_token": "a", "id_token": "x.y.z"}, identity.AnswerRefused),
        ("/token", 400, identity.SignInExpired),
        ("/token", 500, identity.ProviderUnavailable),
        ("/token", 302, identity.ProviderUnavailable),
        ("/token", [], identity.ProviderUnavailable),
        ("/token", requests.Timeout(), identity.ProviderUnavailable),
        ("/userinfo", {**PERSON, "sub": "khac"}, identity.AnswerRefused),
        ("/userinfo", {**PERSON, "SoDinhDanh": "12"}, identity.AnswerRefused),
        ("/userinfo", requests.ConnectionError(), identity.ProviderUnavailable),
    ],
)
def test_bent_answer_after_the_consent(provider, path, bent, failure):
    provider.bent[path] = bent
    with pytest.raises(failure):
        come_back(provider)
    assert not Session.objects.filter(account__isnull=False).exists()


@pytest.mark.parametrize(
    ("path", "bent", "failure"),
    [
        ("/.well-known/openid-configuration", {"issuer": "https://x"}, identity.AnswerRefused),
        ("/.well-known/openid-configuration", {"issuer": ISSUER}, identity.ProviderUnavailable),
        ("/jwks", {"khong": 1}, identity.ProviderUnavailable),
        ("/jwks", requests.Timeout(), identity.ProviderUnavailable),
    ],
)
def test_bent_answer_before_leaving(provider, path, bent, failure):
    provider.bent[path] = bent
    with pytest.raises(failure):
        leave(Browser(), provider)


def test_without_a_provider_nobody_leaves(provider, settings):
    settings.NATIONAL_IDENTITY_URL = ""
    with pytest.raises(identity.ProviderUnavailable):
        leave(Browser(), provider)


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ("error=access_denied", identity.SignInCancelled),
        ("error=server_error", identity.ProviderUnavailable),
        ("khac=1", identity.ProviderUnavailable),
    ],
)
def test_provider_may_say_no(provider, answer, failure):
    browser = Browser()
    asked = leave(browser, provider)
    with pytest.raises(failure):
        back(browser, f"{answer}&state={asked['state']}")


def test_answer_of_another_browser_or_twice(provider):
    browser = Browser()
    asked = leave(browser, provider)
    good = f"code=c&state={asked['state']}"
    with pytest.raises(identity.SignInExpired):
        back(Browser(), good)
    with pytest.raises(identity.SignInExpired):
        back(browser, "code=c&state=khac")
    with pytest.raises(identity.SignInExpired):
        back(browser, good)


def test_next_page_survives_the_sign_in(provider):
    browser = Browser()
    asked = leave(browser, provider)
    browser.do(lambda request: identity.remember_next(request, "/ho-so/"))
    back(browser, f"code=c&state={asked['state']}")
    assert browser.do(identity.take_next) == "/ho-so/"
    assert browser.do(identity.take_next) == ""


def test_next_page_survives_password_and_code():
    account = EmploymentFactory().account
    browser = Browser()
    browser.do(lambda request: identity.remember_next(request, "/ho-so/"))
    browser.do(identity.give_password, username=account.username, password=PASSWORD, at=AT)
    assert browser.do(identity.take_next) == "/ho-so/"


def test_own_password_is_renewed_and_other_devices_leave():
    account = EmploymentFactory().account
    here = signed_in(account)
    account.refresh_from_db()
    account.totp_counter = 0
    account.save()
    there = signed_in(account)
    here.do(identity.renew_password, old=PASSWORD, password="câu mới rất dài", at=AT)
    assert (here.actor().account, there.actor().account) == (account.pk, None)
    with pytest.raises(identity.WrongPassword):
        here.do(identity.renew_password, old=PASSWORD, password="câu khác nữa", at=AT)
    with pytest.raises(NotAllowed):
        Browser().do(identity.renew_password, old=PASSWORD, password="x", at=AT)


def test_guessing_the_old_password_is_stopped():
    account = EmploymentFactory().account
    here = signed_in(account)
    for _ in range(10):
        with pytest.raises(identity.WrongPassword):
            here.do(identity.renew_password, old="sai", password="câu mới rất dài", at=AT)
    with pytest.raises(TooMany):
        here.do(identity.renew_password, old=PASSWORD, password="câu mới rất dài", at=AT)


def test_whoever_finds_no_place_to_wait_for_the_provider_hears_it_soon(monkeypatch):
    """Its slowness takes a few threads, never all."""
    monkeypatch.setattr(protocol, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(protocol, "PATIENCE_SECONDS", 0.05)

    with protocol._asking("GET", "http://localhost:1/"):
        began = time.monotonic()
        with pytest.raises(protocol.ProviderUnavailable):
            protocol._get("http://localhost:1/")
        assert time.monotonic() - began < 1

    with protocol._asking("GET", "http://localhost:1/"):
        pass
