from __future__ import annotations

import pytest

from sen.config.home import CannotStart
from sen.config.pages import environment
from sen.config.proxies import Origin, is_loopback, networks, origin

TRUSTED = networks("10.0.0.0/8, fd00::/8,127.0.0.1")


def scope(*headers: tuple[str, str], client="10.0.0.9"):
    return {
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "http_version": "1.1",
        "scheme": "http", "server": ("sen.vn", 80), "client": (client, 4711),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        # the client wrote the first part itself; the proxy added whom it saw
        ("6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1, 203.0.113.9", "203.0.113.9"),
        # two proxies of ours
        ("6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        # nobody but proxies: the farthest
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        # what is no address ends the chain at the last that is one
        ("203.0.113.9, unknown, 10.0.0.2", "10.0.0.2"),
        ("<script>", "10.0.0.9"),
        ("", "10.0.0.9"),
        ("203.0.113.9:5511", "203.0.113.9"),
        ("[2001:db8::7]:5511", "2001:db8::7"),
        ("2001:DB8:0::7", "2001:db8::7"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_client_is_the_first_from_the_end_that_is_no_proxy_of_ours(said, client):
    assert origin(scope(("x-forwarded-for", said)), TRUSTED) == Origin(client, "http", True)


def test_chain_in_several_headers_is_one_chain():
    headers = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "203.0.113.9, 10.0.0.2")]

    assert origin(scope(*headers), TRUSTED).client == "203.0.113.9"


@pytest.mark.parametrize("trusted", [(), TRUSTED])
def test_stranger_who_forwards_is_not_believed(trusted):
    headers = [("x-forwarded-for", "127.0.0.1"), ("x-forwarded-proto", "https")]

    found = origin(scope(*headers, client="203.0.113.66"), trusted)

    assert found == Origin("203.0.113.66", "http", True)


@pytest.mark.parametrize(
    ("said", "scheme"),
    [("https", "https"), ("HTTPS", "https"), ("http", "http"), ("http, https", "https"),
     ("https, http", "http"), ("ftp", "http")],
)  # fmt: skip
def test_trusted_proxy_says_how_the_client_came(said, scheme):
    assert origin(scope(("x-forwarded-proto", said)), TRUSTED).scheme == scheme


def test_direct_request_is_not_forwarded():
    assert origin(scope(client="::ffff:10.0.0.9"), TRUSTED) == Origin("10.0.0.9", "http", False)


def test_server_that_knows_no_client_gives_none():
    assert origin({**scope(), "client": None}, TRUSTED) == Origin("", "http", False)


def test_django_sees_the_true_client_and_no_forwarding_header():
    told = [
        ("x-forwarded-for", "6.6.6.6, 203.0.113.9"), ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.example"), ("x-real-ip", "6.6.6.6"), ("forwarded", "for=6.6.6.6"),
    ]  # fmt: skip

    found = environment(scope(*told), TRUSTED)

    assert (found["REMOTE_ADDR"], found["wsgi.url_scheme"]) == ("203.0.113.9", "https")
    assert [name for name in found if "FORWARDED" in name or "REAL" in name] == []


@pytest.mark.parametrize("text", ["10.0.0.0/33", "10.0.0.1/8", "proxy.example"])
def test_wrong_network_stops_the_start(text):
    with pytest.raises(CannotStart, match="SEN_TRUSTED_PROXIES"):
        networks(text)


@pytest.mark.parametrize(
    ("address", "own"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("10.0.0.1", False), ("", False)],
)
def test_loopback_is_this_machine(address, own):
    assert is_loopback(address) is own
