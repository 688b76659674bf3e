"""What the database says of leaves, beside what the rules say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from sen.base.actor import SYSTEM, Actor
from sen.base.identifiers import new_id
from sen.kernel.audit import queries, rules, services
from sen.kernel.audit.data import Subject

AT = dt.datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=dt.UTC)
TEXTS = ["", "plain", 'quo"te', "back\\slash", "tab\tline\nend\r", "đường Nguyễn Ước", "\x01\x1f\x7f", "😀 </a>"]  # fmt: skip

pytestmark = pytest.mark.django_db


def sealed_number() -> int:
    """Seal what waits; return the number of the seal."""
    assert services.seal() > 0
    last = queries.last_seal()
    assert last is not None
    return last.number


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("at", [AT, AT.replace(microsecond=0), AT.replace(year=1969)])
def test_the_database_finds_the_leaf_that_the_rules_find(text, at):
    actor = Actor(account=new_id(), person=new_id(), unit=new_id())
    for who in (SYSTEM, actor):
        services.record(
            who, "a.b", subject=Subject("x", new_id(), text), at=at, reason=text,
            fields={text: 1, "z": None, "Z": "", "a": text},
        )  # fmt: skip
    connection.run_gathered()
    number = sealed_number()
    assert queries.doubtful(number, number) == {}


def test_what_was_changed_or_taken_away_is_doubtful_and_then_named():
    ids = [
        services.record(SYSTEM, "a.b", subject=Subject("x", new_id()), at=AT, fields={"a": 1})
        for _number in range(3)
    ]
    connection.run_gathered()
    number = sealed_number()
    with connection.cursor() as cursor:
        cursor.execute("SELECT entries, leaves FROM audit_seal WHERE number = %s", [number])
        entries, leaves = cursor.fetchone()
    changed = [bytes(32) if entry == ids[1] else bytes(leaf) for entry, leaf in zip(entries, leaves, strict=True)]  # fmt: skip
    strange = new_id()
    former = queries.last_seal()
    assert former is not None
    root = rules.root_of([*changed, bytes(32)])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_seal (number, entries, leaves, root, former, chain, sealed_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, now())",
            [
                number + 1, [*entries, strange], [*changed, bytes(32)], root, former.chain,
                rules.chain_hash(number + 1, former.chain, root, len(changed) + 1),
            ],
        )  # fmt: skip
    assert queries.doubtful(number, number + 1) == {number + 1: {ids[1], strange}}
    report = services.verify(first=number + 1)
    assert [one for one in report.problems if str(ids[1]) in one or str(strange) in one] == [
        f"dòng {ids[1]} đã bị sửa", f"dòng {strange} đã bị xóa",
    ]  # fmt: skip
