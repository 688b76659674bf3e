"""Procedures found by what citizens say: measured on phrasings, on pages, over the API.

`data/phrasings_tuned.tsv` was looked at while the dictionary was written, `phrasings_held_out.tsv`
was not; `phrasings_others.tsv` and `phrasings_second.tsv` were written by somebody who knew neither
code nor dictionary, and are worked with since. Each line: what somebody says, then the codes that
answer it. `phrasings_nothing.tsv`: what is not to be answered at all; `nothing_near.tsv` likewise,
near in words to what is; `nothing_near_held_out.tsv` was not looked at while the bar was set.
"""

from __future__ import annotations

import random
import re
import sys
import threading
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

import pytest
from django.test import Client

from sen.base.actor import SYSTEM
from sen.base.pace import Pace
from sen.base.vietnamese import fold
from sen.kernel.legal import public as legal
from sen.kernel.search import public as search
from sen.systems.public_services.choices import Way
from sen.systems.public_services.models import Procedure
from sen.systems.public_services.queries import life_events, searching
from sen.systems.public_services.services import wording
from sen.systems.public_services.tables import searching as shapes
from sen.systems.public_services.tests.factories import MORNING

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data"
SETS = sorted(
    path.stem for path in DATA.glob("phrasings_*.tsv") if path.stem != "phrasings_nothing"
)
BLIND = "phrasings_blind"
FIRST = 3
ENOUGH = 0.9


def lines(name: str) -> list[list[str]]:
    rows = (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [row.split("\t") for row in rows if row.strip() and not row.startswith("#")]


def codes(question: str, limit: int = FIRST) -> list[str]:
    return [one.card.code for one in searching.find(question, limit=limit).found]


def tell(capsys, line: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{line}\n")


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("name", SETS)
def test_the_right_procedure_is_among_the_first_three(province, name, capsys):
    missed = []
    rows = lines(name)
    for question, accepted, *_more in rows:
        found = codes(question)
        if not set(found) & set(accepted.split()):
            missed.append((question, accepted, found))
    share = 1 - len(missed) / len(rows)
    tell(capsys, f"{name}: {len(rows) - len(missed)} of {len(rows)}, {share:.1%}")
    assert share >= ENOUGH, missed if name != BLIND else "what a blind set misses is not shown"


def test_phrasings_name_procedures_that_are_there(province):
    there = set(Procedure.objects.values_list("code", flat=True))
    named = {code for name in SETS for row in lines(name) for code in row[1].split()}
    assert named - there == set()


@pytest.mark.parametrize(
    ("name", "least"),
    [("phrasings_nothing", 0.95), ("nothing_near", 0.85), ("nothing_near_held_out", 0.75)],
)
def test_nothing_is_found_where_there_is_nothing(province, capsys, name, least):
    rows = [row[0] for row in lines(name)]
    answers = {question: searching.find(question, limit=FIRST) for question in rows}
    false = {
        question: [one.card.code for one in answer.found] or answer.guides
        for question, answer in answers.items()
        if answer.found or answer.guides
    }
    tell(capsys, f"{name}: {len(rows) - len(false)} of {len(rows)}")
    assert len(rows) >= 50
    assert 1 - len(false) / len(rows) >= least, false


_SAID_ALONE = {"thời tiết", "dự báo thời tiết", "bitcoin", "tiền ảo", "xổ số"}
"""Said of a procedure too, but hardly by citizens."""


def test_what_is_not_kept_here_stands_in_no_title_and_in_nothing_said(province):
    lines_ = [*search.common_lines(), *searching.dictionary()]
    texts = [one["vi"].lower() for one in Procedure.objects.values_list("name", flat=True)]
    texts += [phrase for line in searching.said() for phrase in line.phrases]
    texts += [phrase for line in lines_ if line.means or line.records for phrase in line.phrases]
    whole = "\n".join(f" {text} " for text in texts)
    outside = {phrase for line in lines_ if line.is_outside for phrase in line.phrases}
    assert len(outside) > 150
    assert {phrase for phrase in outside if f" {phrase} " in whole} == _SAID_ALONE


def _mangled(title: str, dice: random.Random) -> str:
    """Return a title as somebody remembers it: without some words, marks, letters."""
    said = [one for one in title.partition("(")[0].replace(",", " ").split() if len(one) > 1][:14]
    kept = [one for one in said if dice.random() > 0.25] or said
    if dice.random() < 0.5:
        kept = [fold(one) for one in kept]
    at = dice.randrange(len(kept))
    if len(kept[at]) > 3 and dice.random() < 0.5:
        kept[at] = kept[at][:1] + kept[at][2:]
    return " ".join(kept)


def test_titles_half_remembered_are_found(province, capsys):
    dice = random.Random(40)
    rows = list(Procedure.objects.exclude(listing={}).order_by("code").values_list("code", "name"))
    same: dict[str, set[str]] = {}
    for code, name in rows:
        same.setdefault(fold(name["vi"]), set()).add(code)
    asked = [(_mangled(name["vi"], dice), same[fold(name["vi"])]) for _c, name in
             dice.sample(rows, 300)]  # fmt: skip
    good = sum(bool(accepted & set(codes(question))) for question, accepted in asked)
    tell(capsys, f"titles half remembered: {good} of {len(asked)}")
    assert good / len(asked) >= 0.85


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("1 000028", "1.000028"), ("2 . 002018", "2.002018"),
        ("mã số 1. 012531 trồng rừng", "1.012531"), ("giấy phép lau động", "1.014199"),
        ("1.001193", "1.001193"), ("thủ tục số 2.000815", "2.000815"), ("1001193", "1.001193"),
        ("giaays khai sinh", "1.001193"), ("mần giấy khai sinh ở mô", "1.001193"),
        ("mới sinh con", "1.001193"), ("GCNQSDĐ", "1.012753"), ("cccd", "1.014061"),
        ("mo quan an", "1.001612"), ("dkkd", "1.001612"),
    ],
)  # fmt: skip
def test_codes_keys_dialect_events_and_short_forms(province, question, first):
    assert codes(question)[0] == first


def test_asking_reads_the_edition_and_nothing_else(province, django_assert_num_queries):
    codes("khai sinh")
    for question in ("khai sinh", "giấy phép", "zzzz"):
        with django_assert_num_queries(1):
            codes(question, limit=100)


def test_a_new_line_of_the_dictionary_is_heard_on_the_next_question(province):
    assert codes("xoắn xuýt quẩy") == []
    line = search.Line(phrases=("xoắn xuýt quẩy",), records=("1.008128",))
    assert [one.key for one in searching.try_out("xoắn xuýt quẩy", [line]).found] == ["1.008128"]
    assert codes("xoắn xuýt quẩy") == []
    search.save_wording(actor=SYSTEM, line=line, reason="thử", at=MORNING)
    assert codes("xoắn xuýt quẩy") == ["1.008128"]


def test_the_dictionary_names_procedures_that_are_there_and_says_each_phrase_once(province):
    every = [*search.common_lines(), *searching.dictionary(), *searching.said()]
    phrases = [one for line in every for one in line.phrases]
    named = {code for line in every for code in line.records}
    assert len(phrases) == len(set(phrases)) > 9000
    assert set(searching.titles(sorted(named))) == named
    assert wording.seed_wordings(at=MORNING) == 0


def test_how_people_say_procedures_is_kept_in_order():
    path = resources.files("sen.systems.public_services") / "seed" / "search" / "said.tsv"
    rows = path.read_text(encoding="utf-8").splitlines()
    said = [row.partition("\t")[0] for row in rows if not row.startswith("#")]
    assert said == sorted(set(said))
    assert len(said) > 2000
    assert {bool(line.records) and not line.means for line in searching.said()} == {True}


def test_only_what_can_be_filed_here_is_found_at_the_counter(province):
    found = searching.find("khai sinh", filed_only=True).found
    assert {one.card.way for one in found} <= {Way.ONLINE, Way.COUNTER}
    assert found[0].card.code == "1.001193"


def test_a_procedure_says_who_settles_it_and_how_to_file(province):
    ways = {
        code: searching.find(code).found[0].card
        for code in ("1.001193", "2.000815", "2.002307", "1.012783")
    }
    assert {code: card.way for code, card in ways.items()} == {
        "1.001193": Way.ONLINE, "2.000815": Way.COUNTER, "2.002307": Way.DESCRIBED,
        "1.012783": Way.LISTED,
    }  # fmt: skip
    assert ways["1.012783"].levels == ("province",)
    Procedure.objects.filter(code="1.001193").update(is_active=False, off_since=MORNING.date(),
                                                     off_reason="thử")  # fmt: skip
    assert searching._read()["1.001193"].way == Way.OFF


def test_words_that_were_meant_are_marked():
    pieces = shapes.pieces("Đăng ký khai sinh (lại)", frozenset({2, 3}), is_found_text=True)
    assert pieces == [("Đăng ký ", False), ("khai sinh", True), (" (lại)", False)]
    [whole] = shapes.pieces("Birth registration", frozenset({0}), is_found_text=False)
    assert whole == ("Birth registration", False)
    assert shapes._marked([("<b>", False), ("&", True)]) == "&lt;b&gt;<mark>&amp;</mark>"


def test_the_page_of_answers(province, client: Client):
    page = client.get("/thu-tuc/?q=giaays khai sinh")
    shown = text(page)
    assert (page.status_code, page["X-Robots-Tag"]) == (200, "noindex")
    assert '<a href="/thu-tuc/1.001193/"><mark>Đăng ký khai sinh</mark></a>' in shown
    assert "Ý bạn là <strong>giấy khai sinh</strong>?" in shown
    assert '<a href="/thu-tuc/?q=giaays+khai+sinh&amp;dung=1">Tìm đúng như đã gõ' in shown
    assert "Nộp trực tuyến tại đây" in shown
    assert "Cấp xã" in shown


def test_the_page_shows_twelve_and_then_more(province, client: Client):
    few = text(client.get("/thu-tuc/?q=giấy chứng nhận đủ điều kiện"))
    more = text(client.get("/thu-tuc/?q=giấy chứng nhận đủ điều kiện&het=1"))
    assert few.count("found-facts") == 12
    assert "Xem thêm thủ tục" in few
    assert more.count("found-facts") > 12
    assert "Xem thêm thủ tục" not in more


def test_the_page_says_that_there_is_nothing_and_what_to_do(province, client: Client):
    page = client.get("/thu-tuc/?q=giá vàng hôm nay")
    assert page.status_code == 200
    shown = text(page)
    assert "Không tìm thấy thủ tục nào" in shown
    assert shown.count('href="/su-kien/') == 6
    assert "Nhận hồ sơ tại đây" not in shown
    assert "Nhiều người hỏi" in text(client.get("/thu-tuc/"))


def test_what_was_typed_can_be_asked_for_just_so(province, client: Client):
    shown = text(client.get("/thu-tuc/?q=giaays khai sinhh&dung=1"))
    assert "Ý bạn là" not in shown
    assert searching.find("giaays", is_exact=True).found == ()
    assert codes("khai sinh") == [
        one.card.code for one in searching.find("khai sinh", limit=FIRST, is_exact=True).found
    ]
    answer = client.get("/api/v1/procedure-search?q=giaays&exact=true").json()
    assert answer == {"found": [], "read_as": ""}


def test_the_list_is_narrowed_to_what_is_filed_here(province, client: Client):
    every = text(client.get("/thu-tuc/?q=khai sinh"))
    filed = text(client.get("/thu-tuc/?q=khai sinh&nop=1"))
    assert (every.count("found-facts"), filed.count("found-facts")) == (12, 1)
    assert 'href="?q=khai+sinh&amp;nop=1"' in every
    assert 'href="?q=khai+sinh"' in filed
    none = text(client.get("/thu-tuc/?q=hộ chiếu&nop=1"))
    assert "Chưa có thủ tục nào nhận hồ sơ tại đây" in none
    assert 'href="?q=h%E1%BB%99+chi%E1%BA%BFu"' in none
    answer = client.get("/api/v1/procedure-search?q=khai sinh&filed=true").json()
    assert [one["code"] for one in answer["found"]] == ["1.001193"]


def test_what_is_begun_is_suggested(province, client: Client, django_assert_num_queries):
    client.get("/thu-tuc/goi-y/?q=khai")
    with django_assert_num_queries(1):
        answer = client.get("/thu-tuc/goi-y/?q=mới sinh c")
    rows = answer.json()["rows"]
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, max-age=300", "noindex")
    assert rows[0]["hint"] == "Hướng dẫn từng bước"
    assert rows[0]["href"].startswith("/su-kien/")
    assert "/thu-tuc/1.001193/" in [row["href"] for row in rows]
    assert 2 <= len(rows) <= searching.SUGGESTED
    [marked] = [row for row in client.get("/thu-tuc/goi-y/?q=khai s").json()["rows"]
                if row["href"] == "/thu-tuc/1.001193/"]  # fmt: skip
    assert marked["pieces"] == [["Đăng ký khai sinh", True]]
    assert marked["hint"] == "Hộ tịch · 1.001193"


@pytest.mark.parametrize("typed", ["", " ", "k", "giá vàng", "zzzz"])
def test_nothing_is_suggested_where_there_is_nothing(province, client: Client, typed):
    assert client.get("/thu-tuc/goi-y/", {"q": typed}).json() == {"rows": []}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("birth", "Birth registration"),
        ("register a birth", "Birth registration"),
        ("food saf", "Food safety certificate for farm, forest and water produce"),
        ("certified copies", "Certified copy"),
    ],
)
def test_on_english_pages_english_titles_are_suggested(province, client: Client, typed, first):
    english = [
        "".join(text for text, _meant in row["pieces"])
        for row in client.get("/thu-tuc/goi-y/", {"q": typed, "ngon-ngu": "en"}).json()["rows"]
    ]
    assert any(one.startswith(first) for one in english), english


@pytest.mark.parametrize("typed", ["zebra", "birth of a zebra", "the", "khai sinh"])
def test_on_english_pages_nothing_is_suggested_that_no_english_title_says(
    province, client: Client, typed
):
    assert client.get("/thu-tuc/goi-y/", {"q": typed, "ngon-ngu": "en"}).json() == {"rows": []}


def test_the_words_meant_are_marked_in_english_too(province, client: Client):
    [*_guides, row] = client.get("/thu-tuc/goi-y/?q=food+saf&ngon-ngu=en").json()["rows"]
    assert [said for said, is_meant in row["pieces"] if is_meant] == ["Food safety"]


def test_a_process_that_starts_makes_the_ranking_ahead(
    province, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)  # the test's own
    legal.forget()
    searching.warm_up()
    with django_assert_num_queries(1):
        assert codes("làm giấy khai sinh cho con")


def test_suggestions_are_kept_until_the_edition_changes(province, client: Client):
    first = client.get("/thu-tuc/goi-y/?q=khai s")
    again = client.get("/thu-tuc/goi-y/?q=khai s", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["Cache-Control"]) == (304, "private, max-age=300")
    line = search.Line(phrases=("khai sấp ngửa",), records=("1.008128",))
    search.save_wording(actor=SYSTEM, line=line, reason="thử", at=MORNING)
    later = client.get("/thu-tuc/goi-y/?q=khai s", headers={"If-None-Match": first["ETag"]})
    assert later.status_code == 200


def test_suggestions_of_the_former_ranking_are_not_kept_for_the_new_one(
    province, client: Client, monkeypatch
):
    """A process that serves gives the former answers for moments; a browser must ask again."""
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)  # the test's own
    monkeypatch.setattr(threading.Thread, "start", lambda _thread: None)  # never gets its turn
    asked = "/thu-tuc/goi-y/?q=khai sấp"
    searching.warm_up()
    before = client.get(asked).json()
    line = search.Line(phrases=("khai sấp ngửa",), records=("1.008128",))
    search.save_wording(actor=SYSTEM, line=line, reason="thử", at=MORNING)
    former = client.get(asked)
    assert former.json() == before
    legal.forget()
    later = client.get(asked, headers={"If-None-Match": former["ETag"]})
    assert later.status_code == 200
    assert [row["href"] for row in later.json()["rows"]] == ["/thu-tuc/1.008128/"]


def test_the_api_suggests_likewise_and_nobody_too_often(province, client: Client, monkeypatch):
    found = client.get("/api/v1/procedure-suggestions?q=mới sinh con").json()
    assert found[0]["kind"] == "life_event"
    assert ("procedure", "1.001193") in [(one["kind"], one["code"]) for one in found]
    monkeypatch.setattr(searching, "_PACE", Pace(most=1, seconds=60))
    answers = [client.get("/api/v1/procedure-suggestions?q=kh") for _turn in "ab"]
    assert [one.status_code for one in answers] == [200, 429]
    assert client.get("/thu-tuc/goi-y/?q=kh").status_code == 429


def test_boxes_on_the_portal_suggest_and_work_without_it(province, client: Client):
    for page in ("/", "/thu-tuc/"):
        shown = text(client.get(page))
        assert 'data-suggest-at="/thu-tuc/goi-y/"' in shown
        assert 'action="/thu-tuc/" method="get" role="search"' in shown


def test_a_question_to_the_home_page_goes_to_the_page_of_answers(province, client: Client):
    answer = client.get("/", {"q": "khai sinh"})
    assert (answer.status_code, answer["Location"]) == (303, "/thu-tuc/?q=khai+sinh")


def test_a_life_event_leads_to_its_guide(province, client: Client):
    [first, *_others] = life_events.life_events()
    assert first.slug in [one.slug for one in searching.find(first.words[0]).guides]
    assert f"/su-kien/{first.slug}/" in text(client.get("/thu-tuc/", {"q": first.words[0]}))
    assert first.slug in [one.slug for one in searching.find(f"vợ mới {first.words[0]}").guides]
    assert searching.find("giấy phép bán lẻ rượu").guides == ()


def test_what_is_suggested_finds_something(province):
    asked: Iterable[str] = [one.label for one in shapes.suggestions()]
    assert all(codes(question) for question in asked)


def test_the_api_answers_likewise(province, client: Client):
    answer = client.get("/api/v1/procedure-search?q=giaays khai sinh&limit=2").json()
    nothing = client.get("/api/v1/procedure-search?q=zzzz").json()
    first = answer["found"][0]
    assert (len(answer["found"]), answer["read_as"]) == (2, "giấy khai sinh")
    assert (first["code"], first["levels"], first["way"], first["score"] > 0.5) == (
        "1.001193", ["commune"], "online", True,
    )  # fmt: skip
    assert nothing == {"found": [], "read_as": ""}
