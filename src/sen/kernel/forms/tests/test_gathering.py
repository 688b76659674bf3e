"""Gathering: several sources asked together, once a draft; what fails is kept as failed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from structlog.testing import capture_logs

from sen.kernel.forms import public as forms
from sen.kernel.forms import registry
from sen.kernel.forms.tests.factories import (
    AT,
    citizen,
    document,
    page,
    published,
    question,
)

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(minutes=5)
FOUND, FAILED = forms.FindingOutcome.FOUND, forms.FindingOutcome.FAILED


@pytest.fixture(autouse=True)
def sources(monkeypatch):
    monkeypatch.setattr(registry, "_sources", {})


@pytest.fixture
def actor():
    return citizen()


@pytest.fixture
def held(actor):
    form = published(
        document(
            page("p", question("name", "person_name", source="near.name"),
                 question("home", "person_name", source=[{"key": "near.home"}, {"key": "far.home"}])),
        )
    )  # fmt: skip
    start = forms.DraftStart(kind="test", subject="1.000001", form_version=form.id)
    return forms.start_draft(actor, start=start, at=AT)


def register(gather, *keys):
    def told(key):
        return lambda _actor, context: context.found[key].values if key in context.found else {}

    for key in keys:
        forms.register_prefill(forms.PrefillSource(key, {"vi": key}, told(key), gather))


def test_sources_are_asked_together_once_and_kept(actor, held):
    asked = []

    def gather(who, context, keys):
        asked.append((who, context.draft, context.subject, keys))
        return {
            "near": forms.Finding(FOUND, AT, {"name": "Vừ Bá Giống"}),
            "far": forms.Finding(FOUND, AT, {"home": "Lô Thị Mai"}),
            "paper": forms.Finding(FAILED, AT),
        }

    register(gather, "near", "far", "paper")
    kept = forms.gather(actor, held, at=LATER, also={"paper", "unknown"})
    again = forms.gather(actor, kept, at=LATER, also={"paper"})
    assert asked == [(actor, held.id, "1.000001", frozenset({"near", "far", "paper"}))]
    assert again == kept == forms.draft(actor, held.id)
    assert {key: one.outcome for key, one in kept.found.items()} == {
        "near": FOUND, "far": FOUND, "paper": FAILED,
    }  # fmt: skip
    context = forms.PrefillContext(subject="1.000001", at=LATER, found=kept.found)
    known = forms.prefill(actor, forms.form(kept.form_version), context)
    assert known == {
        "name": forms.Prefilled("Vừ Bá Giống", "near", "near", AT),
        "home": forms.Prefilled("Lô Thị Mai", "far", "far", AT),
    }


def test_what_was_gathered_outlives_a_saved_page(actor, held):
    register(lambda *_all: {"near": forms.Finding(FOUND, AT, {"name": "Vừ Bá Giống"})}, "near")
    kept = forms.gather(actor, held, at=AT)
    raw = {"name": "Vừ Bá Giống", "home": "Lô Thị Mai"}
    forms.save_page(actor, draft=held.id, page="p", raw=raw, version=kept.version, at=LATER)
    assert forms.draft(actor, held.id).found == kept.found


def test_one_that_breaks_is_failed_and_named_without_what_it_said(actor, held):
    def gather(_who, _context, _keys):
        raise ValueError("Vừ Bá Giống")

    register(gather, "near")
    with capture_logs() as logs:
        kept = forms.gather(actor, held, at=AT)
    assert kept.found == {"near": forms.Finding(FAILED, AT)}
    assert logs == [{"event": "forms.gather_failed", "sources": ["near"], "failure": "ValueError",
                     "log_level": "warning"}]  # fmt: skip


def test_nothing_to_gather_costs_nothing(actor, held):
    with CaptureQueriesContext(connection) as seen:
        assert forms.gather(actor, held, at=AT) is held
        register(lambda *_all: {}, "near")
        assert forms.gather(actor, held, at=AT) is held
    assert len(seen) == 0


def test_a_draft_saved_meanwhile_is_told(actor, held):
    def gather(_who, _context, _keys):
        forms.save_page(actor, draft=held.id, page="p", raw={}, version=held.version, at=AT)
        return {"near": forms.Finding(FOUND, AT, {})}

    register(gather, "near")
    with pytest.raises(forms.DraftChanged):
        forms.gather(actor, held, at=LATER)
