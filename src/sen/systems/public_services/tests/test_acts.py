"""One table of acts: the page, the API, the manifest and the rules know the same ones."""

from __future__ import annotations

import inspect

import pytest
from django.urls import reverse

from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.manifest import MANIFEST
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.schemas import acts as ordered
from sen.systems.public_services.services import dossiers
from sen.systems.public_services.views import acts
from sen.web import openapi

ACTS = set(permissions.ACTS)


def operations() -> set[str]:
    from sen.config.api import api

    return {one.operation_id for one in openapi.operations(api)}


def test_pages_offer_the_acts_of_the_table():
    assert set(ordered.ACTS) == ACTS
    assert {act for act in ACTS if acts.done(act)} == ACTS


@pytest.mark.parametrize("act", sorted(ACTS))
def test_each_act_takes_what_its_verb_asks_for(act):
    """The table is not checked by types: the verb takes the act's arguments, and needs no other."""
    known = ordered.ACTS[act]
    fields = dict.fromkeys(known.body.model_fields)
    empty = known.body.model_construct(**fields | {"items": [], "papers": []})
    inspect.signature(known.verb).bind(actor=None, order=None, at=None, **known.arguments(empty))


def test_the_api_has_an_operation_for_each_act():
    assert {f"dossiers_{act}" for act in ACTS} - operations() == set()


def test_the_manifest_names_each_act_with_its_operation():
    assert {act.code: act.api_operation for act in MANIFEST.acts} == {
        f"public_services.{act}": f"dossiers_{act}" for act in ACTS
    }


def test_the_rules_say_when_each_act_makes_sense():
    """The result is taken where it is handed over: one row of the rules for both."""
    assert set(rules.ACTS) == ACTS - {"take_result"}


@pytest.mark.parametrize("act", sorted(ACTS))
def test_each_act_has_a_page_and_a_name_for_people(act):
    assert reverse("public_services:act", args=["H41-1", act]).endswith(f"/viec/{act}/")
    assert act == "take_result" or dossiers.act_label(act) != act


def test_what_waits_as_a_task_needs_a_right():
    tasks = {act.code for act in workflow.acts().values() if act.is_task and act.permission is None}
    assert tasks == set()
    assert {act for act, one in permissions.ACTS.items() if one.permission is None} == {
        "supplement", "withdraw", "take_result",
    }  # fmt: skip
