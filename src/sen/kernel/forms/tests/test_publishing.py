"""Publishing a form."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from sen.base.actor import COMMAND
from sen.base.errors import NotAllowed, NotFound, SignInNeeded
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.forms import public as forms
from sen.kernel.forms.models import FormVersion
from sen.kernel.forms.tests.factories import AT, child_document, citizen, published
from sen.kernel.legal import public as legal

pytestmark = pytest.mark.django_db


def test_a_form_is_published_once_for_the_same_content(django_assert_num_queries):
    first = published()
    again = published()
    other = published(child_document(hint={"vi": "Mất 5 phút."}))
    assert (first.version, again.pk, other.version) == (1, first.pk, 2)
    assert forms.latest_form("tests.form").pk == other.pk
    assert forms.form(other.pk).version == 2
    with django_assert_num_queries(0):
        assert forms.form(other.pk).hint == {"vi": "Mất 5 phút."}


def test_publishing_is_audited_and_announced():
    version = published()
    entries = audit.trail(audit.Subject(kind="forms.form", id=version.pk))
    assert [entry.action for entry in entries] == ["forms.form.published"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM events_event WHERE record = %s", [version.pk])
        assert cursor.fetchall() == [("forms.form.published",)]


def test_publishing_needs_the_right():
    from sen.base.actor import ANONYMOUS

    with pytest.raises(NotAllowed):
        forms.publish_form(citizen(), document=child_document(), at=AT)
    with pytest.raises(SignInNeeded):
        forms.publish_form(ANONYMOUS, document=child_document(), at=AT)
    assert not FormVersion.objects.exists()


def test_a_defective_form_is_refused_with_every_place():
    doc = child_document()
    doc["pages"][1]["show_if"] = {"var": "nobody"}
    doc["pages"][2]["questions"][0]["validate"] = [{"rule": "not_future"}]
    with pytest.raises(forms.FormDefective) as failure:
        forms.publish_form(COMMAND, document=doc, at=AT)
    assert list(failure.value.fields) == [
        "pages.2.questions.0.validate.0.rule", "pages.1.show_if",
    ]  # fmt: skip


def test_a_published_form_cannot_be_changed():
    version = published()
    for sql in ("UPDATE forms_formversion SET version = 9", "DELETE FROM forms_formversion"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert FormVersion.objects.get().pk == version.pk


def test_unknown_forms():
    with pytest.raises(NotFound):
        forms.form(new_id())
    with pytest.raises(NotFound):
        forms.latest_form("tests.none")


def test_publishing_makes_every_process_read_again():
    before = legal.editions().values
    published()
    assert legal.editions().values > before
