"""The stand-ins over a real socket: what they say of themselves, what they take and refuse."""

from __future__ import annotations

import threading

import pytest
import requests

from simulators.__main__ import server

pytestmark = pytest.mark.journey


@pytest.fixture
def place():
    serving = server("127.0.0.1", 0)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    serving.server_close()


@pytest.mark.parametrize("path", ["/", "/national-identity/", "/sms/", "/khong-co/", "/sms"])
def test_every_page_says_that_it_is_a_stand_in(place, path):
    assert "MÔ PHỎNG" in requests.get(place + path, timeout=5).text


def test_discovery_names_only_its_own_addresses(place):
    base = f"{place}/national-identity"
    found = requests.get(f"{base}/.well-known/openid-configuration", timeout=5).json()
    assert found["issuer"] == base
    assert all(
        value.startswith(base)
        for key, value in found.items()
        if key.endswith(("_endpoint", "_uri"))
    )
    keys = requests.get(found["jwks_uri"], timeout=5).json()["keys"]
    assert [sorted(key) for key in keys] == [["alg", "crv", "kid", "kty", "use", "x", "y"]]


GOOD = {
    "client_id": "sen", "redirect_uri": "http://localhost/x", "response_type": "code",
    "scope": "openid", "state": "s", "nonce": "n", "code_challenge": "c",
    "code_challenge_method": "S256",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", "khac"),
        ("redirect_uri", "https://example.org/x"),
        ("redirect_uri", "javascript:alert(1)"),
        ("response_type", "token"),
        ("scope", "profile"),
        ("state", ""),
        ("code_challenge", ""),
        ("code_challenge_method", "plain"),
    ],
)
def test_request_that_does_not_hold_gets_no_consent(place, name, value):
    answer = requests.get(
        f"{place}/national-identity/oauth2/authorize", params={**GOOD, name: value}, timeout=5
    )
    assert (answer.status_code, name in answer.text) == (400, True)


def test_consent_is_not_given_silently(place):
    answer = requests.get(
        f"{place}/national-identity/oauth2/authorize",
        params={**GOOD, "prompt": "none"},
        timeout=5,
        allow_redirects=False,
    )
    assert answer.headers["Location"] == "http://localhost/x?error=login_required&state=s"


def test_unknown_clients_codes_and_tokens_are_refused(place):
    base = f"{place}/national-identity"
    form = {"client_id": "sen", "client_secret": "sai", "code": "x"}
    assert requests.post(f"{base}/oauth2/token", data=form, timeout=5).status_code == 401
    assert requests.get(f"{base}/oauth2/userinfo", timeout=5).status_code == 401
    odd = requests.post(f"{base}/su-co", data={"outage": "la"}, timeout=5)
    assert odd.status_code == 400


def test_leaving_the_identity_returns_to_this_machine_only(place):
    way = f"{place}/national-identity/oidc/logout"
    asked = {"post_logout_redirect_uri": "http://localhost/xong"}
    back = requests.get(way, params=asked, timeout=5, allow_redirects=False)
    other = requests.get(way, params={"post_logout_redirect_uri": "https://example.org"}, timeout=5)
    assert (back.headers["Location"], other.status_code) == ("http://localhost/xong", 200)


def test_messages_are_taken_shown_refused_and_the_gateway_fails_on_request(place):
    way = f"{place}/sms"
    good = {"to": "0900000101", "text": "Hồ sơ <của> bạn đã có kết quả"}
    taken = [
        requests.post(way, json=told, timeout=5).status_code
        for told in (good, {"to": "12", "text": "x"}, {"to": "0900000101", "text": ""}, ["x"])
    ]
    shown = requests.get(f"{way}/", timeout=5).text
    requests.post(f"{way}/su-co", data={"outage": "down"}, timeout=5)
    down = requests.post(way, json=good, timeout=5).status_code
    strange = requests.post(f"{way}/su-co", data={"outage": "lạ"}, timeout=5).status_code
    requests.post(f"{way}/su-co", data={"outage": ""}, timeout=5)
    assert (taken, down, strange) == ([202, 422, 422, 400], 503, 400)
    assert "Hồ sơ &lt;của&gt; bạn" in shown
    assert requests.post(way, json=good, timeout=5).status_code == 202
    assert requests.post(f"{way}/khac", json=good, timeout=5).status_code == 404
