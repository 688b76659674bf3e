from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.base.actor import ANONYMOUS, SYSTEM, Actor, Strength
from sen.base.clock import ZONE
from sen.base.errors import Invalid
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.identity.tests.factories import OfficialFactory, PositionFactory
from sen.kernel.legal import public as legal
from sen.kernel.search import public as search
from sen.kernel.search.queries import entries
from sen.kernel.search.rules import words

AT = dt.datetime(2026, 3, 9, 8, 0, tzinfo=ZONE)


@pytest.fixture
def official(db, kinds):
    position = PositionFactory()
    role = access.Role.objects.create(
        code="trial", title={"vi": "Vai"}, permissions=["trial.paper.read"]
    )
    access.Grant.objects.create(
        position=position, role=role, scope="own", valid_from=dt.date(2025, 7, 1)
    )
    account = OfficialFactory(secrets=False)
    return Actor(
        account=account.id,
        person=account.person_id,
        position=position.id,
        unit=position.unit_id,
        strength=Strength.MULTI_FACTOR,
    )


def put(code, title, *, units=(), persons=(), kind="trial.paper", days=0, **changes):
    record = new_id()
    access.enter(SYSTEM)
    search.index(
        kind=kind,
        record=record,
        code=code,
        title=title,
        units=units,
        persons=persons,
        at=AT + dt.timedelta(days=days),
        **changes,
    )
    return record


def codes(actor, q, **filters):
    return [hit.code for hit in search.find(actor, q, **filters)]


def test_marks_are_optional_and_put_the_same_ones_first(official):
    put("1", "Trần Thị Hoa", units=[official.unit], days=2)
    put("2", "Trần Thị Hòa", units=[official.unit], days=1)
    put("3", "Trần Văn Ba", units=[official.unit])

    assert codes(official, "tran hoa") == ["1", "2"]
    assert codes(official, "Trần Hoà") == ["2", "1"]
    assert codes(official, unicodedata.normalize("NFD", "trần hòa")) == ["2", "1"]
    assert codes(official, "tr") == ["1", "2", "3"]
    assert codes(official, "tran nam") == []
    assert codes(official, " ") == []


@pytest.mark.parametrize("q", ["nguyen", "Nguyễn", "nguyễn văn", "Nguyền", "nguyen van hoa"])
@pytest.mark.parametrize("looked", [0, 3, 100])
def test_what_is_common_is_found_in_the_same_order_by_whatever_way(
    official, monkeypatch, q, looked
):
    names = ["Nguyễn Văn Hoà", "Nguyền Văn Hoa", "Nguyen Van Hoa", "Lê Văn Hoa"]
    for number in range(12):
        put(str(number), names[number % 4], units=[official.unit], days=number // 2)
        put(f"x{number}", "Nguyễn Văn Hoà", units=[new_id()], days=number)
    monkeypatch.setattr(entries, "LOOKED", looked)

    def pages(limit):
        found = search.find(official, q, limit=limit)
        while found:
            yield from [hit.code for hit in found]
            found = search.find(official, q, limit=limit, before=found[-1].cursor)

    near = [*pages(2), *codes(official, q)]
    monkeypatch.setattr(entries, "FEW_UNITS", 0)
    newest = [*pages(2), *codes(official, q)]
    monkeypatch.setattr(words, "_FEW_WORDS", 0)
    every = [*pages(2), *codes(official, q)]

    assert near == newest == every
    assert len(every) == 2 * 9


def test_the_commonest_is_read_off_the_newest(official, monkeypatch):
    for number in range(5):
        put(str(number), "Nguyễn Văn Hoà", units=[official.unit], days=number)
    monkeypatch.setattr(entries, "FEW_UNITS", 0)
    looks = []
    for limit in (5, 6):
        with CaptureQueriesContext(connection) as captured:
            search.find(official, "Nguyễn", limit=limit)
        sent = " ".join(query["sql"] for query in captured)
        looks.append([name for name in ("newest", "all", "near") if f"find_{name}(" in sent])
    assert looks == [["newest"], ["newest", "all"]]


def test_numbers_are_found_whole_and_by_a_part(official):
    put("H41.9.12-261121-0007", "Khai sinh", body="QĐ 3857/QĐ-UBND", units=[official.unit])

    for asked in ("H41.9.12-261121-0007", "h41.9.12-2611", "0007", "3857/qd-ubnd", "3857"):
        assert codes(official, asked) == ["H41.9.12-261121-0007"]
    assert codes(official, "H41.9.13-261121-0007") == []


def test_only_what_the_actor_may_see(official):
    citizen = Actor(account=new_id(), person=new_id())
    put("unit", "Hồ sơ", units=[official.unit])
    put("own", "Hồ sơ", persons=[citizen.person])
    put("other", "Hồ sơ", units=[new_id()])
    put("any", "Hồ sơ", units=[official.unit], kind="trial.person")

    assert sorted(codes(official, "hồ sơ")) == ["any", "unit"]
    assert codes(official, "hồ sơ", kinds=["trial.person"]) == ["any"]
    assert codes(citizen, "hồ sơ") == ["own"]
    assert codes(ANONYMOUS, "hồ sơ") == []
    assert len(codes(SYSTEM, "hồ sơ")) == 4
    assert codes(official, "hồ sơ", kinds=[]) == []


def test_pages_follow_one_another(official):
    for number in range(5):
        put(str(number), "Hồ sơ", units=[official.unit], days=number)

    first = search.find(official, "ho so", limit=3)
    second = search.find(official, "ho so", limit=3, before=first[-1].cursor)

    assert [hit.code for hit in (*first, *second)] == ["4", "3", "2", "1", "0"]
    assert (first[0].url_name, first[0].title) == ("trial:paper", "Hồ sơ")
    with pytest.raises(Invalid):
        search.find(official, "ho so", before="1-x")


def test_index_replaces_and_remove_forgets(official):
    record = put("1", "Bản cũ", units=[official.unit])
    access.enter(SYSTEM)
    search.index(
        kind="trial.paper", record=record, code="1", title="Bản mới", units=[official.unit], at=AT
    )

    assert (codes(official, "cũ"), codes(official, "mới")) == ([], ["1"])
    access.enter(SYSTEM)
    search.remove(kind="trial.paper", record=record)
    assert codes(official, "mới") == []


def test_each_is_one_statement_and_saying_who_asks(official):
    search.find(official, "x")
    legal.begin_request()
    legal.editions()
    counts = []
    for call in (
        lambda: put("1", "Hồ sơ", units=[official.unit]),
        lambda: search.find(official, "hồ sơ"),
    ):
        connection.run_gathered()
        with CaptureQueriesContext(connection) as captured:
            call()
            connection.run_gathered()
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in captured))
    legal.end_request()

    assert counts == [2, 2]


def test_what_breaks_a_query_breaks_nothing(official):
    put("1", "O'Brien & (sons) \\ | ! : *", units=[official.unit])

    for asked in ("o'brien", "& | !", "':*", "sons)", "\\"):
        search.find(official, asked)
    assert codes(official, "brien sons") == ["1"]


def test_registry_refuses_other_types_unknown_kinds_and_second_sources(kinds, db):
    with pytest.raises(ImproperlyConfigured):
        search.register_sources("trial")
    with pytest.raises(ImproperlyConfigured):
        search.register_sources(
            search.SearchSource(kind="trial.paper", title="x", url_name="trial:other")
        )
    with pytest.raises(ImproperlyConfigured):
        put("1", "x", kind="trial.none")
