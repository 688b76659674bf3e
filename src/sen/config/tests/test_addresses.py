from __future__ import annotations

import socket

import pytest

from sen.config.addresses import Address, answers, choose, held, names_of_this_machine
from sen.config.home import CannotStart, claim


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_choose_takes_another_port_when_the_preferred_is_taken(tmp_path, taken):
    address = choose(claim(tmp_path), "web", "127.0.0.1", port=None, preferred=taken)

    assert address.host == "127.0.0.1"
    assert address.port not in {0, taken}


def test_choose_takes_the_same_port_again(tmp_path):
    home = claim(tmp_path)
    first = choose(home, "simulators", "127.0.0.1", port=None)

    assert choose(home, "simulators", "127.0.0.1", port=None) == first


def test_two_installations_that_start_at_once_never_share_a_port(tmp_path):
    homes = [claim(tmp_path / name) for name in ("one", "two")]
    wanted = choose(homes[0], "web", "127.0.0.1", port=None).port

    with held(homes[0], "127.0.0.1", port=wanted) as first:
        with held(homes[1], "127.0.0.1", port=None, preferred=wanted) as second:
            assert (first.address.port, second.address.port != wanted) == (wanted, True)
        with pytest.raises(CannotStart), held(homes[1], "127.0.0.1", port=wanted):
            pass

    with held(homes[1], "127.0.0.1", port=wanted) as again:
        assert again.address.port == wanted


def test_who_comes_before_a_process_is_there_waits_and_is_not_refused(tmp_path):
    with held(claim(tmp_path), "127.0.0.1", port=None) as listening:
        place = ("127.0.0.1", listening.address.port)
        with socket.create_connection(place) as early:
            listening.socket.setblocking(True)
            taken, came = listening.socket.accept()
            taken.close()
            assert came == early.getsockname()
        assert not answers(listening.address, "/", timeout=0.1)


def test_choose_says_that_the_asked_port_is_taken(tmp_path, taken):
    with pytest.raises(CannotStart, match=str(taken)):
        choose(claim(tmp_path), "web", "127.0.0.1", port=taken)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://localhost:8000"),
        ("0.0.0.0", "http://localhost:8000"),
        ("10.1.2.3", "http://10.1.2.3:8000"),
        ("fd00::1", "http://[fd00::1]:8000"),
    ],
)
def test_address_is_written_for_a_browser(host, url):
    assert Address(host, 8000).url == url
    assert Address(host, 8000, is_secure=True).url == url.replace("http:", "https:")


def test_names_of_this_machine_are_few_on_loopback():
    assert names_of_this_machine("127.0.0.1") == ["localhost", "127.0.0.1", "[::1]"]


def test_names_of_this_machine_hold_its_own_name_when_it_listens_everywhere():
    names = names_of_this_machine("0.0.0.0")

    assert names[:3] == ["localhost", "127.0.0.1", "[::1]"]
    assert socket.gethostname() in names


def test_nobody_answers_on_a_free_port(tmp_path):
    address = choose(claim(tmp_path), "web", "127.0.0.1", port=None)

    assert answers(address, "/") is False
