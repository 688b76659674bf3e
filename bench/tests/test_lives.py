from __future__ import annotations

import pytest

from bench import dossiers, lives, load, pages
from bench.cast import Person
from bench.client import Refused

FATHER = Person(account="a", name="Nguyễn Đo Tải", number="040090910000", token="", session="s")


class Living:
    """A crew whose lives end as they are told to."""

    place = "truongvinh"

    def __init__(self, *ends: str) -> None:
        self.ends = list(ends)

    def live(self) -> None:
        if end := self.ends.pop(0) if self.ends else "":
            raise Refused(end)


def test_crews_share_the_lives_and_errors_are_kept():
    crews = [Living("sign: 500", "", "sign: 409"), Living()]
    done, errors = load._live(crews, 12)
    assert done + len(errors) == 12
    assert set(errors) <= {"sign: 500", "sign: 409"}


def test_no_life_begins_after_the_time_is_over(monkeypatch):
    monkeypatch.setattr(load, "MOST_SECONDS", 0)
    assert load._live([Living()], 5) == (0, [])


def test_a_scan_is_a_pdf_of_about_its_size():
    paper = lives.scan(20_000)
    assert paper.startswith(b"%PDF")
    assert 20_000 <= len(paper) < 40_000


def test_waiting_ends_when_it_is_there_and_says_what_never_came(monkeypatch):
    answers = [False, True]
    lives.wait(lambda: answers.pop(0), "nothing")
    assert answers == []

    monkeypatch.setattr(lives, "PATIENCE_SECONDS", 0)
    with pytest.raises(Refused, match="H41-1 is not signed after 0 s"):
        lives.wait(lambda: False, "H41-1 is not signed")


def test_answers_become_what_inputs_send():
    typed = pages._typed(
        {"born": "2026-11-01", "home": {"line": "Số 1", "code": "16690"}, "ok": True, "copies": 2}
    )
    assert typed == [
        ("born", "01/11/2026"),
        ("born.code", "01/11/2026"),
        ("home.line", "Số 1"),
        ("home.code", "16690"),
        ("ok", "yes"),
        ("copies", "2"),
        ("copies.code", "2"),
    ]
    assert lives.answers(FATHER)["requester_number"] == FATHER.number


def test_code_and_version_are_found_on_a_page():
    assert pages._version('<input name="version"\n value="12">') == "12"
    assert pages._version("<p>no form</p>") == ""
    assert pages._code("/ho-so/H41.9.11.1-261121-0001/") == "H41.9.11.1-261121-0001"
    with pytest.raises(Refused, match="no dossier"):
        pages._code("/viec/")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], (100, 4, False, False)),
        (["--lives", "3", "--clients", "9", "--pages"], (3, 3, True, False)),
        (["--lives", "0", "--json"], (1, 1, False, True)),
        (["--lives", "99999", "--clients", "999"], (5000, 64, False, False)),
    ],
)
def test_options_keep_their_bounds(words, expected):
    found = dossiers._options(words)
    assert (found.lives, found.clients, found.pages, found.json) == expected
