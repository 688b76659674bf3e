"""What was looked up for a dossier is shown to its official, its citizen and the administration."""

# ruff: noqa: F811 - fixtures of another package come in by their names
from __future__ import annotations

import datetime as dt

import pytest

from sen.base.actor import COMMAND, SYSTEM
from sen.base.errors import NotAllowed, NotFound
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.services import looked_up
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.conftest import province  # noqa: F401 - fixtures
from sen.systems.registries import services
from sen.systems.registries.data import Wanted
from sen.systems.registries.models import Lookup
from tests.journeys.test_registries import begun, rows_of, stand_in  # noqa: F401 - fixtures

pytestmark = pytest.mark.journey
AT = f.MORNING


@pytest.fixture(autouse=True)
def telephone(province) -> None:
    person = identity.find_person(f.FATHER)
    assert person is not None
    person.phone = "0900000101"
    person.save()


def administrator():
    account = identity.account_named("quantri")
    assert account is not None
    return identity.actor_for(account.pk)


def filed_with(province, held) -> Dossier:
    """Return a filed dossier as if it had come of this draft."""
    dossier = f.received(province)
    Dossier.objects.filter(pk=dossier.pk).update(draft=held.id)
    dossier.refresh_from_db()
    return dossier


def test_the_official_sees_what_was_asked_and_the_paper_asked_for_because_it_failed(
    province, stand_in
):
    stand_in.break_down("birth-notes", "down")
    held = begun(province)
    dossier = filed_with(province, held)

    _dossier, found = looked_up.lookups(actor=province.motcua, code=dossier.code, at=AT)

    said = {one.line.key: one for one in found}
    assert sorted(said) == ["birth_notes", "civil_status", "population"]
    assert said["birth_notes"].line.is_failed
    assert said["birth_notes"].papers
    assert said["population"].line.is_found
    assert said["population"].papers == ()
    assert "Dân tộc" in said["population"].line.fields
    page = text(browser(province.motcua).get(f"/ho-so/{dossier.code}/tra-cuu/"))
    assert "Vì vậy đã yêu cầu nộp" in page
    assert f.FATHER not in page
    lines = audit.trail(audit.Subject(kind="registries.lookup", id=dossier.id))
    assert {one.action for one in lines} == {"registries.lookups_read"}


def test_others_do_not_see_the_lookups_of_a_dossier(province, stand_in):
    dossier = filed_with(province, begun(province))
    with pytest.raises(NotFound):
        looked_up.lookups(actor=province.mother, code=dossier.code, at=AT)


def test_a_dossier_without_a_draft_has_no_lookups(province):
    dossier = f.received(province)
    Dossier.objects.filter(pk=dossier.pk).update(draft=None)
    assert looked_up.lookups(actor=province.motcua, code=dossier.code, at=AT)[1] == []


def test_the_citizen_sees_who_looked_up_what_about_them(province, stand_in):
    begun(province)
    page = text(browser(province.father).get("/tai-khoan/tra-cuu/"))
    assert "CSDL quốc gia về dân cư" in page
    assert "do chính bạn khi khai thủ tục 1.001193" in page
    assert f.FATHER not in page
    other = text(browser(province.mother).get("/tai-khoan/tra-cuu/"))
    assert "Chưa có lượt tra cứu nào về bạn" in other
    assert "/tai-khoan/tra-cuu/" in text(browser(province.father).get("/tai-khoan/"))


def test_the_administration_searches_lookups_without_values(province, stand_in):
    begun(province)
    actor = administrator()
    found = services.search(actor, Wanted(registry="population"), at=AT)
    assert [(one.registry, one.procedure) for one in found] == [("population", "1.001193")]
    day = AT.date()  # of the fixed morning, in the law's zone
    assert len(services.search(actor, Wanted(first=day, last=day), at=AT)) == rows_of()
    assert services.search(actor, Wanted(last=day - dt.timedelta(days=1)), at=AT) == []
    assert services.search(actor, Wanted(before=found[0].id, registry="population"), at=AT) == []
    with pytest.raises(NotAllowed):
        services.search(province.motcua, Wanted(), at=AT)
    page = text(browser(actor).get("/quan-tri/tra-cuu/", {"outcome": "found"}))
    assert "CSDL quốc gia về dân cư" in page
    assert f.FATHER not in page
    assert browser(actor).get("/quan-tri/tra-cuu/", {"first": "32/13/2026"}).status_code == 422
    assert browser(province.motcua).get("/quan-tri/tra-cuu/").status_code == 403


def test_lookups_are_erased_when_the_rule_says_and_not_before(province, stand_in):
    begun(province)
    kept = rows_of()
    assert services.erase_old(SYSTEM, at=AT + dt.timedelta(days=729)) == 0
    with pytest.raises(NotAllowed):
        services.erase_old(province.motcua, at=AT)
    assert services.erase_old(COMMAND, at=AT + dt.timedelta(days=731)) == kept
    assert rows_of() == 0


def test_the_names_of_facts_are_kept_and_never_what_they_say(province, stand_in):
    held = begun(province)
    with access.acting(SYSTEM):
        rows = {row.registry: row.fields for row in Lookup.objects.filter(draft=held.id)}
    assert "person.ethnicity" in rows["population"]
    assert not [one for many in rows.values() for one in many if "Nguyễn" in one]
