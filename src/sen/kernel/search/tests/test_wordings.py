"""The dictionary: who may write it, what is refused, what is told, how it is undone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction

from sen.base import clock
from sen.base.actor import SYSTEM, Actor, Strength
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.kernel.search import public as search
from sen.kernel.search import registry
from sen.kernel.search.models import SearchWording, SearchWordingChange
from sen.kernel.search.services.wordings import KIND

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=clock.ZONE)
LINE = search.Line(phrases=("sổ đỏ", "Bìa  đỏ"), means=("Giấy chứng nhận",), topic="Đất đai")


def save(line=LINE, **more):
    return search.save_wording(actor=SYSTEM, line=line, reason="người dân hay nói", at=AT, **more)


def actions(row):
    return [one.action for one in audit.trail(audit.Subject(KIND, row.id, row.phrase))]


def test_a_line_is_written_kept_and_told():
    before = legal.editions().values
    row = save()
    [change] = search.changes(row.id)
    assert (row.phrases, row.kind, row.means, row.records, row.topic, row.number) == (
        ["sổ đỏ", "bìa đỏ"], "means", ["giấy chứng nhận"], [], "Đất đai", 1,
    )  # fmt: skip
    assert (change.before, change.after["phrases"], change.reason, change.number) == (
        None, ["sổ đỏ", "bìa đỏ"], "người dân hay nói", 1,
    )  # fmt: skip
    assert actions(row) == ["search.add_wording"]
    assert legal.editions().values > before
    assert search.lines() == [search.line_of(row)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (search.Line(phrases=("cho tôi hỏi",)), "skipped"),
        (search.Line(phrases=("giá vàng",), is_outside=True), "outside"),
        (search.Line(phrases=("mới sinh con",), records=("1.1", "1.1")), "means"),
    ],
)
def test_a_line_is_of_a_kind(line, kind):
    assert save(line).kind == kind


def test_a_line_is_changed_and_the_change_undone_and_brought_back():
    row = save()
    changed = save(search.Line(phrases=("sổ đỏ",), records=("1.012753",)), wording=row.id, number=1)
    assert (changed.id, changed.number, changed.records) == (row.id, 2, ["1.012753"])
    undone = search.undo_wording(actor=SYSTEM, wording=row.id, number=2, reason="nhầm", at=AT)
    assert (undone.phrases, undone.records, undone.number) == (["sổ đỏ", "bìa đỏ"], [], 3)
    again = search.undo_wording(actor=SYSTEM, wording=row.id, number=3, reason="đúng", at=AT)
    assert (again.records, again.number) == (["1.012753"], 4)
    assert actions(row) == [*["search.change_wording"] * 3, "search.add_wording"]


def test_a_line_goes_out_of_use_and_comes_back():
    row = save()
    gone = search.retire_wording(actor=SYSTEM, wording=row.id, number=1, reason="sai", at=AT)
    assert (gone.is_active, search.lines(), search.listed()) == (False, [], [])
    assert [one.id for one in search.listed(is_active=False)] == [row.id]
    save(search.Line(phrases=("sổ đỏ",), means=("đất",)))
    with pytest.raises(Conflict):
        search.undo_wording(actor=SYSTEM, wording=row.id, number=2, reason="lại", at=AT)


def test_undoing_a_new_line_takes_it_out_of_use():
    row = save()
    undone = search.undo_wording(actor=SYSTEM, wording=row.id, number=1, reason="nhầm", at=AT)
    assert undone.is_active is False


def test_a_phrase_stands_once():
    row = save()
    with pytest.raises(Conflict) as caught:
        save(search.Line(phrases=("bìa hồng", "bìa đỏ"), means=("đất",)))
    assert "bìa đỏ" in caught.value.fields["phrases"][0]
    save(search.Line(phrases=("bìa đỏ", "bìa hồng"), means=("đất",)), wording=row.id, number=1)


@pytest.mark.parametrize("phrases", [(), ("",), ("!!",), ("a" * 201,)])
def test_phrases_must_be_words(phrases):
    with pytest.raises(Invalid) as caught:
        save(search.Line(phrases=phrases, means=("đất",)))
    assert list(caught.value.fields) == ["phrases"]


def test_a_reason_is_asked_for():
    with pytest.raises(Invalid) as caught:
        search.save_wording(actor=SYSTEM, line=LINE, reason=" ", at=AT)
    assert list(caught.value.fields) == ["reason"]


def test_whoever_comes_second_is_told():
    row = save()
    save(wording=row.id, number=1)
    with pytest.raises(Conflict):
        save(wording=row.id, number=1)
    with pytest.raises(NotFound):
        search.retire_wording(actor=SYSTEM, wording=new_id(), number=1, reason="x", at=AT)


def test_only_holders_of_the_right_may_write():
    with pytest.raises(SignInNeeded):
        search.save_wording(actor=Actor(), line=LINE, reason="x", at=AT)
    stranger = Actor(account=new_id(), strength=Strength.MULTI_FACTOR)
    row = save()
    for verb in (search.retire_wording, search.undo_wording):
        with pytest.raises(NotAllowed):
            verb(actor=stranger, wording=row.id, number=1, reason="x", at=AT)
    with pytest.raises(NotAllowed):
        search.save_wording(actor=stranger, line=LINE, reason="x", at=AT)


def test_what_comes_along_is_laid_down_once_and_changes_stay(django_assert_max_num_queries):
    lines = [LINE, search.Line(phrases=("ạ", "nhé"))]
    with django_assert_max_num_queries(8):
        assert search.seed_wordings(lines, actor=SYSTEM, at=AT) == 2
    assert search.seed_wordings(lines, actor=SYSTEM, at=AT) == 0
    row = SearchWording.objects.get(phrases__contains=["sổ đỏ"])
    save(search.Line(phrases=("sổ đỏ",), means=("đất",)), wording=row.id, number=1)
    assert search.seed_wordings(lines, actor=SYSTEM, at=AT) == 0
    more = search.Line(phrases=("bìa đỏ", "bìa hồng"), means=("đất",))
    assert search.seed_wordings([more], actor=SYSTEM, at=AT) == 1
    assert SearchWording.objects.get(phrases__contains=["bìa hồng"]).phrases == ["bìa hồng"]


def test_a_seeded_line_can_be_undone():
    search.seed_wordings([LINE], actor=SYSTEM, at=AT)
    row = SearchWording.objects.get()
    undone = search.undo_wording(actor=SYSTEM, wording=row.id, number=1, reason="nhầm", at=AT)
    assert undone.is_active is False


def test_lines_are_listed_by_heading_and_found_by_words(django_assert_num_queries):
    save()
    save(search.Line(phrases=("ạ",), topic="Từ đệm"))
    save(search.Line(phrases=("bán đất",), records=("1.013831",), topic="Đất đai"))
    with django_assert_num_queries(1):
        assert [one.phrase for one in search.listed()] == ["bán đất", "sổ đỏ", "ạ"]
    assert [one.phrase for one in search.listed(query="giay chung")] == ["sổ đỏ"]
    assert [one.phrase for one in search.listed(query="013831")] == ["bán đất"]
    assert [one.phrase for one in search.listed(topic="Từ đệm")] == ["ạ"]
    assert [one.phrase for one in search.listed(skip=1, limit=1)] == ["sổ đỏ"]
    assert search.topics() == ["Đất đai", "Từ đệm"]


def test_a_ranking_reads_the_dictionary_and_what_is_tried():
    save(search.Line(phrases=("bìa đỏ",), records=("1",)))
    documents = [search.Document(key="1", title="Đăng ký đất đai"),
                 search.Document(key="2", title="Đăng ký khai sinh")]  # fmt: skip
    tried = search.Line(phrases=("bìa đỏ",), records=("2",))
    assert search.ranking(documents).ask("bìa đỏ").found[0].key == "1"
    assert search.ranking(documents, tried=[tried]).ask("bìa đỏ").found[0].key == "2"


def test_the_database_refuses_a_line_that_says_nothing_and_one_without_phrases():
    for fields in ({"phrases": ["a"], "kind": "means"}, {"phrases": [], "kind": "skipped"},
                   {"phrases": ["a"], "kind": "skipped", "means": ["b"]},
                   {"phrases": ["a"], "kind": "other"}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            SearchWording.objects.create(**fields)


def test_common_lines_hold_and_say_each_phrase_once():
    phrases = [one for line in search.common_lines() for one in line.phrases]
    assert len(phrases) == len(set(phrases)) > 300
    search.seed_wordings(search.common_lines(), actor=SYSTEM, at=AT)
    assert not SearchWordingChange.objects.exists()


def test_trials_are_registered_once(monkeypatch):
    monkeypatch.setattr(registry, "_trials", {})
    with pytest.raises(ImproperlyConfigured):
        search.register_trials("x")
    trial = search.Trial(code="t", title="T", ask=lambda _q, _t: None, titles=lambda _k: {})
    search.register_trials(trial)
    with pytest.raises(ImproperlyConfigured):
        search.register_trials(
            search.Trial(code="t", title="T2", ask=trial.ask, titles=trial.titles)
        )
    assert search.trials()["t"] is trial
