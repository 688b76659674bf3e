"""Prefill: what sources know, and what happens when one fails."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from structlog.testing import capture_logs

from sen.kernel.forms import public as forms
from sen.kernel.forms import registry
from sen.kernel.forms.tests.factories import AT, citizen, document, page, question

pytestmark = pytest.mark.django_db
CONTEXT = forms.PrefillContext(subject="1.001193", at=AT)
FORM = forms.parse(
    document(
        page("p", question("name", "person_name", source="test.person.full_name", is_locked=True),
             question("again", "person_name", source="test.person.full_name"),
             question("born", "date", source="test.person.born")),
        page("q", question("phone", "phone", source="test.contact.phone"),
             question("email", "email", source="nobody.knows"),
             question("spouse", "person_name", source=[
                 {"key": "test.person.spouse", "only_if": {"==": [{"var": "relation"}, "father"]}},
                 {"key": "test.person.full_name", "only_if": {"==": [{"var": "relation"}, "mother"]}},
             ])),
    )
)  # fmt: skip


@pytest.fixture(autouse=True)
def sources(monkeypatch):
    monkeypatch.setattr(registry, "_sources", {})


def register(key, fetch, title=None):
    forms.register_prefill(forms.PrefillSource(key, title or {"vi": f"Nguồn {key}"}, fetch))


def test_each_source_is_asked_once_for_all_its_names():
    asked = []

    def person(actor, context):
        asked.append((actor, context.names))
        return {"full_name": "Vừ Bá Giống", "born": "31/01/2000", "other": 1}

    register("test.person", person)
    actor = citizen()
    found = forms.prefill(actor, FORM, CONTEXT)
    locked = forms.Prefilled("Vừ Bá Giống", "test.person", "Nguồn test.person", AT, is_locked=True)
    assert found == {
        "name": locked,
        "again": forms.Prefilled("Vừ Bá Giống", "test.person", "Nguồn test.person", AT),
        "born": forms.Prefilled("2000-01-31", "test.person", "Nguồn test.person", AT),
    }
    assert asked == [(actor, frozenset({"full_name", "born"}))]
    assert found.failed == []


def test_of_locked_answers_alone_only_their_sources_are_asked():
    asked = []

    def person(_actor, context):
        asked.append(context.names)
        return {"full_name": "Vừ Bá Giống", "born": "31/01/2000"}

    register("test.person", person)
    register("test.contact", lambda _actor, _context: pytest.fail("no locked answer is its"))
    found = forms.prefill(citizen(), FORM, CONTEXT, only_locked=True)
    locked = forms.Prefilled("Vừ Bá Giống", "test.person", "Nguồn test.person", AT, is_locked=True)
    assert (found, asked) == ({"name": locked}, [frozenset({"full_name"})])


def test_a_source_that_fails_is_recorded_and_the_question_asked():
    def contact(actor, context):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    register("test.contact", contact)
    register("test.person", lambda _actor, _context: {"full_name": "Vừ Bá Giống"})
    with capture_logs() as logs:
        found = forms.prefill(citizen(), FORM, CONTEXT)
    assert sorted(found) == ["again", "name"]
    assert found.failed == ["Nguồn test.contact"]
    assert logs == [
        {"event": "forms.prefill_failed", "source": "test.contact", "failure": "DataError",
         "log_level": "warning"}
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_a_value_that_does_not_fit_is_left_out():
    register("test.contact", lambda _actor, _context: {"phone": "không có"})
    with capture_logs() as logs:
        assert forms.prefill(citizen(), FORM, CONTEXT) == {}
    assert logs[0]["event"] == "forms.prefill_unfit"


def test_a_source_may_hang_on_earlier_answers_and_a_page_ask_for_itself():
    register("test.person", lambda _actor, _context: dict.fromkeys(_context.names, "Lô Thị Mai"))
    for relation, names in (("father", ["spouse"]), ("mother", ["spouse"]), ("relative", [])):
        context = forms.PrefillContext(subject="x", at=AT, answers={"relation": relation})
        assert sorted(forms.prefill(citizen(), FORM, context, page="q")) == names


def test_a_source_is_registered_once_and_right():
    def fetch(actor, context):
        return {}

    register("test.person", fetch)
    register("test.person", fetch)
    assert list(forms.prefill_sources()) == ["test.person"]
    with pytest.raises(ImproperlyConfigured, match="twice"):
        register("test.person", lambda _actor, _context: {})
    with pytest.raises(ImproperlyConfigured, match="title"):
        register("test.other", fetch, {"en": "x"})
    with pytest.raises(ImproperlyConfigured, match="not a PrefillSource"):
        forms.register_prefill("x")
