"""The API: its committed document, a scope for each operation, an operation for each act of a page."""

from __future__ import annotations

import functools
import re

import pytest

from sen.config.api import api
from sen.systems.public_services.schemas.acts import ACTS
from sen.web import openapi
from tools.openapi import SNAPSHOT, document

OPEN = {
    "life_events_get",
    "life_events_list",
    "procedures_list",
    "receiving_units_list",
    "procedures_get",
    "procedures_search",
    "procedures_suggest",
    "dossiers_look_up",
    "verification_by_key",
    "verification_by_upload",
}
"""What anybody may ask without signing in; each says so in the law or has its own limits."""
PAGES = {
    "start": "drafts_start",
    "draft-page": "drafts_save_page",
    "draft-papers": "drafts_save_papers",
    "review": "drafts_submit",
    "discard": "drafts_discard",
    "claim": "tasks_claim",
    "release": "tasks_release",
    "read": "notifications_read",
    "revoke": "results_revoke",
    "look-up": "dossiers_look_up",
    "suggest": "procedures_suggest",
    "verify": "verification_by_upload",
    "verify-key": "verification_by_key",
}
"""The operation that does what a page's address does, beside those of `viec/<act>/`."""


@functools.cache
def operations() -> dict[str, dict]:
    found = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    return {one["operationId"]: one for path in found.values() for one in path.values()}


def test_the_committed_document_is_what_the_code_says():
    """Renew it with `python -m tools.openapi`, look at the difference, commit it."""
    assert SNAPSHOT.read_text(encoding="utf-8") == document()


def test_every_operation_has_its_scope_or_is_open_to_everybody():
    scopes = {one.operation_id: openapi.scope_of(one) for one in openapi.operations(api)}
    assert {name for name, scope in scopes.items() if scope is None} == OPEN
    assert [s for s in scopes.values() if s and not re.fullmatch(r"[a-z]+:[a-z]+", s)] == []


@pytest.mark.parametrize("act", ACTS)
def test_every_act_of_a_dossier_s_page_is_an_operation(act):
    assert f"dossiers_{act}" in operations()


@pytest.mark.parametrize(("page", "operation"), PAGES.items())
def test_every_other_act_of_a_page_is_an_operation(page, operation):
    assert operation in operations(), page


def test_every_operation_says_what_it_does_and_how_it_refuses():
    bad = {
        name
        for name, one in operations().items()
        if not one.get("summary") or not {"4XX", "503"} <= one["responses"].keys()
    }
    assert bad == set()
