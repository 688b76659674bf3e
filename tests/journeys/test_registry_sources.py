"""No source is dead: what a form names is given by an adapter and answered over a socket."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sen.kernel.forms import public as forms
from sen.systems.public_services.tests import procedures as filed
from sen.systems.registries.choices import Registry
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told
from sen.systems.registries.services import ADAPTERS
from simulators.registries import records
from simulators.registries.site import FAULTS
from tests.journeys.registries import SECRET, standing_in

pytestmark = pytest.mark.journey
OURS = {"identity.person", "identity.spouse", "results.marriage_certificate"}
"""What Sen itself keeps; these sources are tried where they are written."""


def named(folder: str) -> Iterator[str]:
    for page in filed.read(folder, "form")["pages"]:
        for question in page["questions"]:
            said = question.get("source", [])
            yield from [said] if isinstance(said, str) else [one["key"] for one in said]


def needed(folder: str) -> Iterator[str]:
    """The registries that make a paper of a procedure unnecessary."""
    for case in filed.read(folder, "procedure")["version"]["cases"]:
        for paper in case["papers"]:
            door, _colon, key = paper.get("replaced_by", "").partition(":")
            if door == "registry":
                yield key


def question(number: str) -> Asked:
    person = records.person(number)
    assert person is not None
    return Asked(
        request="THU1", procedure="1.001193", national_number=number,
        full_name=person["full_name"], birth_date=None,
        at=dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), until=time.monotonic() + 10,
    )  # fmt: skip


@pytest.fixture
def partners(settings):
    with standing_in(settings) as stand_in:
        yield (
            stand_in,
            {
                Registry(name): Partner(url=url, account="sen", secret=SECRET)
                for name, url in settings.REGISTRIES.items()
            },
        )


def people() -> list[str]:
    return list(json.loads((records.HERE / "records.json").read_text("utf-8"))["people"])


def test_every_fact_that_a_form_names_is_told_over_the_socket_and_no_other(partners):
    """Equal both ways: a form names nothing that nobody tells, and nothing is told for no form."""
    told = {
        f"{registry.value}.{name}"
        for registry, partner in partners[1].items()
        for number in people()
        for name in ADAPTERS[registry](partner, question(number)).facts
    }
    wanted = {key for folder in filed.FOLDERS for key in named(folder)}
    ours = {key for key in wanted if key.rpartition(".")[0] in OURS}
    assert wanted - ours == told


def test_every_source_and_every_paper_s_registry_stands_in_the_list_of_sources():
    known = forms.prefill_sources()
    for folder in filed.FOLDERS:
        assert [key for key in named(folder) if forms.source_of(key) is None] == []
        assert [key for key in needed(folder) if key not in known] == []


def test_each_registry_has_its_adapter_its_stand_in_and_its_source(partners):
    every = set(Registry)
    asked_for = {key for key, one in forms.prefill_sources().items() if one.gather is not None}
    assert (set(ADAPTERS), set(partners[1]), asked_for) == (every, every, {*map(str, every)})


@pytest.mark.parametrize("registry", Registry)
def test_somebody_unknown_is_told_as_none(partners, registry):
    asked = replace(question("040093000101"), national_number="040093999999")
    assert ADAPTERS[registry](partners[1][registry], asked) == Told()


@pytest.mark.parametrize("registry", Registry)
def test_each_can_be_down_slow_and_wrong(settings, registry):
    said = {}
    with standing_in(settings, slow_seconds=1) as stand_in:
        partner = Partner(url=settings.REGISTRIES[registry.value], account="sen", secret=SECRET)
        for fault in ("down", "slow", "wrong"):
            stand_in.break_down(registry.value.replace("_", "-"), fault)
            asked = replace(question("040093000101"), until=time.monotonic() + 0.5)
            with pytest.raises(LookupFailed) as refused:
                ADAPTERS[registry](partner, asked)
            said[fault] = refused.value.failure.value
    assert said == {"down": "down", "slow": "too_slow", "wrong": "malformed"}
    assert set(FAULTS) == {"", *said, "other"}


def test_of_several_children_or_pupils_none_is_told(partners, monkeypatch):
    both = records.person("040093000101")
    assert both is not None
    monkeypatch.setitem(both, "children", ["040314000105", "040314000105"])
    asked = question("040093000101")
    told = {one: ADAPTERS[one](partners[1][one], asked) for one in ("civil_status", "education")}
    assert told["education"] == Told()
    assert [name for name in told["civil_status"].facts if name.startswith("child.")] == []
