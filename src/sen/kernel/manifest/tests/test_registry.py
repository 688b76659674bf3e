from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils.translation import gettext_lazy as _

from sen.base.actor import ANONYMOUS, Actor
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.figures.public import Figure
from sen.kernel.manifest import public as manifest
from sen.kernel.manifest import registry
from sen.kernel.manifest.public import (
    Audience,
    FiledBy,
    Finding,
    HealthCheck,
    IntakeChannel,
    Manifest,
    MenuItem,
    Seed,
)


@pytest.fixture
def only(monkeypatch):
    """Let the installation have just these systems."""

    def load(*manifests: Manifest) -> None:
        registry.load(manifests, registry.known_permissions)

    monkeypatch.setattr(registry, "_manifests", [])
    return load


def test_every_installed_system_is_found():
    codes = [found.code for found in registry.discover()]

    assert codes == [found.code for found in manifest.manifests()]
    assert len(set(codes)) == len(codes)


def test_slots_cover_the_manifest():
    slots = {slot.name for slot in registry.SLOTS}

    assert slots == set(Manifest.__dataclass_fields__) - {"code", "title", "urls", "api"}


def test_load_hands_over_and_names_what_is_wrong(only):
    good = Figure(code="trial.f", title="", unit_of_measure="", compute=lambda *_: {})
    only(Manifest(code="trial", title="", figures=[good]))
    assert [found.code for found in manifest.manifests()] == ["trial"]

    other = Figure(code="trial.f", title="x", unit_of_measure="", compute=lambda *_: {})
    for slots, said in (
        ({"figures": ["x"]}, "trial: slot figures takes Figure, not str"),
        ({"figures": [other]}, "trial: slot figures: two figures are called trial.f"),
        (
            {"menu": [MenuItem(title="", url_name="trial:x", permission="no")]},
            "trial: slot menu: trial:x asks for the unknown permission no",
        ),
    ):
        with pytest.raises(ImproperlyConfigured) as refused:
            only(Manifest(code="trial", title="", **slots))
        assert str(refused.value) == said
    with pytest.raises(ImproperlyConfigured, match="two systems"):
        only(Manifest(code="trial", title=""), Manifest(code="trial", title=""))


def test_a_manifest_module_needs_its_manifest(monkeypatch):
    from sen.systems.inbox import manifest as module

    monkeypatch.delattr(module, "MANIFEST")

    with pytest.raises(ImproperlyConfigured, match="has no MANIFEST"):
        registry.discover()


def test_menu_is_what_the_actor_may_open(only, db):
    access_right = next(iter(access.permissions()))
    only(
        Manifest(
            code="trial",
            title="",
            menu=[
                MenuItem(title="Sau", url_name="t:late", order=9),
                MenuItem(title="Công dân", url_name="t:c", audience=Audience.CITIZEN, order=1),
                MenuItem(title="Cán bộ", url_name="t:o", audience=Audience.OFFICIAL, order=2),
                MenuItem(title="Quyền", url_name="t:p", permission=access_right, order=3),
            ],
        )
    )
    citizen = Actor(account=new_id(), person=new_id())
    official = Actor(account=new_id(), position=new_id(), unit=new_id())

    assert [entry.url_name for entry in manifest.menu(ANONYMOUS)] == ["t:c", "t:late"]
    assert [entry.url_name for entry in manifest.menu(citizen)] == ["t:c", "t:late"]
    assert [entry.title for entry in manifest.menu(official)] == ["Cán bộ", "Sau"]


def test_parts_of_a_page_are_no_entries_of_the_menu(only, db):
    only(
        Manifest(
            code="trial",
            title="",
            menu=[
                MenuItem(title="Trang", url_name="t:page"),
                MenuItem(title="Phần sau", url_name="t:b", order=2, under="t:page"),
                MenuItem(title="Phần trước", url_name="t:a", order=1, under="t:page"),
            ],
        )
    )

    assert [one.url_name for one in manifest.menu(ANONYMOUS)] == ["t:page"]
    assert [one.url_name for one in manifest.menu(ANONYMOUS, under="t:page")] == ["t:a", "t:b"]


def test_menu_speaks_the_language_asked_for(only, db):
    only(Manifest(code="trial", title="", menu=[MenuItem(title=_("January"), url_name="t:x")]))

    assert [entry.title for entry in manifest.menu(ANONYMOUS, "vi")] == ["Tháng 1"]
    assert [entry.title for entry in manifest.menu(ANONYMOUS, "en")] == ["January"]


def test_addresses_and_routers_come_from_dotted_paths(only):
    only(
        Manifest(code="trial", title="", urls="sen.systems.inbox.urls", api="sen.base.clock:ZONE"),
        Manifest(code="empty", title=""),
    )

    assert len(manifest.url_patterns()) == 1
    assert [code for code, _router in manifest.routers()] == ["trial"]


def test_seed_demo_runs_seeds_in_order(only, capsys):
    ran = []
    only(
        Manifest(
            code="b", title="", seed=[Seed(order=2, title="Hai", run=lambda _say: ran.append(2))]
        ),
        Manifest(
            code="a", title="", seed=[Seed(order=1, title="Một", run=lambda say: say("xong"))]
        ),
    )

    with override_settings(DEMO=True):
        call_command("seed_demo")
    lines = capsys.readouterr().out.splitlines()

    assert ([line for line in lines if "(" not in line], ran) == (["Một", "  xong", "Hai"], [2])


def test_what_belongs_to_a_whole_demo_is_laid_down_when_asked_for(only, capsys):
    ran = []
    seeds = [
        Seed(order=1, title="Ít", run=lambda _say: ran.append("least")),
        Seed(order=2, title="Cả", run=lambda _say: ran.append("whole"), whole_only=True),
    ]
    only(Manifest(code="a", title="", seed=seeds))

    with override_settings(DEMO=True):
        call_command("seed_demo")
        assert ran == ["least"]
        call_command("seed_demo", "--whole")
    assert ran == ["least", "least", "whole"]
    assert "Cả" in capsys.readouterr().out.splitlines()


def test_seed_demo_is_for_demos_only(only):
    with override_settings(DEMO=False), pytest.raises(CommandError):
        call_command("seed_demo")


def test_system_check_fails_when_something_is_not_well(only, capsys):
    def health(*, is_well: bool) -> HealthCheck:
        finding = Finding(is_well=is_well, message="nói gì đó")
        return HealthCheck(code=f"trial.{is_well}", title="", look=lambda: finding)

    only(Manifest(code="trial", title="", health=[health(is_well=True)]))
    call_command("system_check")
    assert capsys.readouterr().out == "ok   trial.True: nói gì đó\n"

    only(Manifest(code="trial", title="", health=[health(is_well=False)]))
    with pytest.raises(CommandError, match="1 checks are not well"):
        call_command("system_check")


def test_an_intake_channel_is_found_by_its_code(only):
    desk = IntakeChannel(code="trial.desk", title="", filed_by=FiledBy.OFFICIAL, proves="")
    only(Manifest(code="trial", title="", channels=[desk]))
    assert (manifest.channel("trial.desk"), manifest.channel("trial.kiosk")) == (desk, None)
