"""A dossier read whole in one statement is there for those who see it in lists, and no others."""

from __future__ import annotations

import pytest

from sen.base.actor import SYSTEM
from sen.kernel.access import public as access
from sen.systems.public_services.queries import opened, parts, records
from sen.systems.public_services.tests import councils
from sen.systems.public_services.tests import factories as f

ASKING = (
    "father", "mother", "motcua", "far_motcua", "hotich", "chutich", "vanthu", "tramyte", "phunu",
)  # fmt: skip


@pytest.fixture
def cast(province):
    return councils.members_of(province)


def seen(actor, dossier):
    """Whether lists show it, whether it is opened, whether working papers are seen: two ways."""
    with access.acting(actor):
        listed = records.visible_to(actor).filter(code=dossier.code).exists()
        found = opened.opened(actor, dossier.code)
        if found is None:
            return listed, False, None, None
        return (
            listed,
            True,
            records.sees_working_papers(actor, found.dossier),
            records.sees_working_papers(actor, found.dossier, found.takes_part),
        )


def assert_alike(actors, dossier):
    ways = {name: seen(actor, dossier) for name, actor in actors.items()}
    assert all(
        listed == is_open and asked == told for listed, is_open, asked, told in ways.values()
    )
    return {name for name, (listed, *_rest) in ways.items() if listed}


@pytest.fixture
def actors(cast):
    found = {name: getattr(cast, name) for name in ASKING if hasattr(cast, name)}
    return {**found, "system": SYSTEM}


def test_a_birth_is_opened_by_those_who_see_it(cast, actors):
    dossier = f.issued(cast)
    assert assert_alike(actors, dossier) >= {"father", "motcua", "hotich", "chutich", "system"}


def test_members_of_a_council_open_what_is_before_it_and_nothing_after(cast, actors):
    ready = councils.ready(cast)
    assert assert_alike(actors, ready).isdisjoint({"tramyte", "phunu"})
    councils.convene(cast, ready)
    assert assert_alike(actors, ready) >= {"tramyte", "phunu"}
    councils.heard(cast, councils.SEVERE, dossier=ready)
    councils.conclude(cast, ready, councils.SEVERE)
    assert assert_alike(actors, ready).isdisjoint({"tramyte", "phunu"})


def test_a_unit_opens_it_while_its_part_runs(cast, actors):
    dossier = f.assigned(cast)
    far = access.rights(cast.far_motcua).units("public_services.dossier.read")
    access.participate_many(
        record=dossier.id, kind=records.KIND, units=dict.fromkeys(far, parts.WHY), at=f.MORNING
    )
    assert "far_motcua" in assert_alike(actors, dossier)


def test_what_it_holds_is_what_django_reads(cast):
    dossier = f.handed_over(cast)
    with access.acting(SYSTEM):
        found = opened.opened(SYSTEM, dossier.code)
        assert found is not None
        read = records.dossier(SYSTEM, dossier.code)
        expected = {
            "parties": list(read.parties.order_by("role")),
            "papers": list(read.papers.order_by("added_at", "id")),
            "fee_lines": list(read.fee_lines.order_by("code", "id")),
            "issued_forms": list(read.issued_forms.order_by("issued_at")),
            "supplements": list(read.supplements.order_by("requested_at")),
        }
    assert found.dossier == read
    assert {name: getattr(found, name) for name in expected} == expected
    for name, rows in expected.items():
        for held, row in zip(getattr(found, name), rows, strict=True):
            assert plain(held) == plain(row)
    assert plain(found.dossier.decision) == plain(read.decision)
    assert [form.file.id for form in found.issued_forms] == [
        form.file_id for form in expected["issued_forms"]
    ]


def plain(row):
    return {name: value for name, value in vars(row).items() if not name.startswith("_")} | {
        "file": None
    }
