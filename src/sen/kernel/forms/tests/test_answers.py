"""Answers of records: sealed by field, closed to others, erasable."""

from __future__ import annotations

import json

import pytest
from django.db import connection, transaction

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import NotFound
from sen.base.identifiers import new_id
from sen.base.sealing import CannotOpen
from sen.kernel.access import public as access
from sen.kernel.forms import public as forms
from sen.kernel.forms.models import Answers
from sen.kernel.forms.tests.factories import AT, citizen, published

pytestmark = pytest.mark.django_db

ANSWERS = {
    "full_name": "Vừ Bá Giống", "born": "2000-01-31", "married": True,
    "spouse_name": "Lô Thị Mai", "copies": 2,
}  # fmt: skip
KIND = "tests.record"


def save(actor: Actor, record, answers=ANSWERS, **more):
    forms.save_answers(
        actor, record_kind=KIND, record=record, form_version=published().pk, answers=answers,
        unit=None, person=actor.person, **more,
    )  # fmt: skip


def test_answers_come_back_whole():
    actor, record = citizen(), new_id()
    save(actor, record)
    assert forms.read_answers(record, actor=actor) == ANSWERS


def test_saving_takes_one_statement_and_reading_one(assert_statements):
    actor, record = citizen(), new_id()
    version = published()
    forms.form(version.pk)
    with transaction.atomic():
        access.enter(actor)
        with assert_statements(1):
            forms.save_answers(
                actor, record_kind=KIND, record=record, form_version=version.pk,
                answers=ANSWERS, unit=None, person=actor.person,
            )  # fmt: skip
        with assert_statements(1):
            forms.read_answers(record)


def test_several_are_read_in_one_statement_and_hidden_ones_are_not_there(assert_statements):
    actor, records = citizen(), [new_id(), new_id()]
    for record in records:
        save(actor, record)
    other = new_id()
    save(citizen(), other)
    with transaction.atomic():
        access.enter(actor)
        with assert_statements(1):
            found = forms.read_many([*records, other, new_id()])
    assert found == dict.fromkeys(records, ANSWERS)


def test_only_public_answers_lie_open():
    actor, record = citizen(), new_id()
    save(actor, record)
    with access.acting(actor), connection.cursor() as cursor:
        cursor.execute("SELECT forms_answers::text FROM forms_answers")
        text = cursor.fetchone()[0]
        row = Answers.objects.get()
    assert row.public_values == {"married": True, "copies": 2}
    assert sorted(row.sealed) == ["born", "full_name", "spouse_name"]
    assert "Giống" not in text
    assert "2000-01-31" not in text


def test_a_sealed_value_opens_only_in_its_own_field():
    actor, record = citizen(), new_id()
    save(actor, record)
    with access.acting(actor):
        row = Answers.objects.get()
        row.sealed["full_name"], row.sealed["spouse_name"] = (
            row.sealed["spouse_name"], row.sealed["full_name"],
        )  # fmt: skip
        row.save()
    with pytest.raises(CannotOpen):
        forms.read_answers(record, actor=actor)


def test_saving_again_replaces_and_counts():
    actor, record = citizen(), new_id()
    save(actor, record)
    save(actor, record, {"full_name": "Vừ Bá Giống", "copies": 1})
    kept = forms.kept_answers(record, actor=actor)
    assert kept.values == {"full_name": "Vừ Bá Giống", "copies": 1}
    assert (kept.version, kept.is_erased) == (2, False)


def test_provenance_stays_only_with_unchanged_answers():
    actor, record = citizen(), new_id()
    found = {
        "full_name": forms.Prefilled("Vừ Bá Giống", "identity.person", "Căn cước điện tử", AT),
        "born": forms.Prefilled("1999-01-31", "identity.person", "Căn cước điện tử", AT),
    }
    save(actor, record, provenance=found)
    kept = forms.kept_answers(record, actor=actor)
    assert kept.provenance == {
        "full_name": {"source": "identity.person", "at": AT.isoformat()},
    }


def test_answers_are_closed_to_others_and_open_to_participants():
    actor, other, record = citizen(), citizen(), new_id()
    save(actor, record)
    with pytest.raises(NotFound):
        forms.read_answers(record, actor=other)
    access.participate(record=record, kind=KIND, person=other.person, why="tests", at=AT)
    assert forms.read_answers(record, actor=other) == ANSWERS
    assert forms.read_answers(record, actor=SYSTEM) == ANSWERS


def test_without_an_actor_there_is_nothing():
    actor, record = citizen(), new_id()
    save(actor, record)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('sen.persons', '', true), set_config('sen.system', '', true)"
        )
    with pytest.raises(NotFound):
        forms.read_answers(record)


def test_erasing_destroys_the_key_and_leaves_public_answers():
    actor, record = citizen(), new_id()
    save(actor, record)
    forms.erase_answers(actor, record=record)
    kept = forms.kept_answers(record, actor=actor)
    assert (kept.values, kept.is_erased) == ({"married": True, "copies": 2}, True)
    with access.acting(actor):
        row = Answers.objects.get()
    assert (row.record_key, row.sealed, json.dumps(row.provenance)) == (None, {}, "{}")


def test_erasing_what_is_not_there():
    with pytest.raises(NotFound):
        forms.erase_answers(citizen(), record=new_id())


def test_an_unknown_form_is_refused():
    actor = citizen()
    with pytest.raises(NotFound):
        forms.save_answers(
            actor, record_kind=KIND, record=new_id(), form_version=new_id(), answers={},
            unit=None, person=actor.person,
        )  # fmt: skip
