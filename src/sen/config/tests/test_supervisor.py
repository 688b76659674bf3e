from __future__ import annotations

import io
import os

import pytest
from django.conf import settings

from sen.config import programs, supervisor
from sen.config.addresses import Address
from sen.config.console import Console
from sen.config.home import CannotStart, claim
from sen.config.keeper import Keeper


def test_demo_listens_on_this_machine_only_unless_told():
    assert supervisor._options(["demo"]) == supervisor.Options(
        mode="demo", host="127.0.0.1", port=None, workers=1, is_reset=False,
        dossiers=None, migrates=True,
    )  # fmt: skip


def test_serve_takes_its_own_options():
    words = ["serve", "--host", "0.0.0.0", "--port", "80", "--workers", "3", "--no-migrate"]

    assert supervisor._options(words) == supervisor.Options(
        mode="serve", host="0.0.0.0", port=80, workers=3, is_reset=False,
        dossiers=None, migrates=False,
    )  # fmt: skip


def test_a_demo_may_be_without_invented_dossiers():
    assert supervisor._options(["demo", "--dossiers", "0"]).dossiers == 0


@pytest.mark.parametrize("words", [["demo", "--port", "70000"], ["serve", "--reset"]])
def test_wrong_options_are_refused(words, capsys):
    with pytest.raises(SystemExit):
        supervisor._options(words)


def test_external_server_needs_the_owners_address_too(monkeypatch):
    monkeypatch.delenv("SEN_OWNER_DATABASE_URL", raising=False)

    with pytest.raises(CannotStart, match="SEN_OWNER_DATABASE_URL"):
        supervisor._check_external("postgresql://sen_app@/sen")


def test_external_server_that_is_away_is_said_plainly(monkeypatch):
    monkeypatch.setenv("SEN_OWNER_DATABASE_URL", "postgresql://sen_owner@/sen?host=/nowhere")

    with pytest.raises(CannotStart, match="cannot connect"):
        supervisor._check_external("postgresql://sen_app@/sen?host=/nowhere")


def test_external_server_with_one_role_for_all_is_refused(db, monkeypatch):
    """The owner's address given for both: the application's role would own the tables."""
    owner = settings.DATABASES["owner"]
    url = (
        f"postgresql://{owner['USER']}:{owner['PASSWORD']}@/{owner['NAME']}"
        f"?host={owner['HOST']}&port={owner['PORT']}"
    )
    monkeypatch.setenv("SEN_OWNER_DATABASE_URL", url)

    with pytest.raises(CannotStart, match="owns tables"):
        supervisor._check_external(url)


def test_demo_tells_every_program_where_the_stand_ins_are(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("SEN_")]:
        monkeypatch.delenv(name)
    home = claim(tmp_path)

    told = programs.environment(
        home, Address("127.0.0.1", 8001), simulators=Address("127.0.0.1", 8002)
    )

    assert {name: told[name] for name in told if name.startswith("SEN_")} == {
        "SEN_HOME": str(home),
        "SEN_PUBLIC_URL": "http://localhost:8001",
        "SEN_HOSTS": "localhost,127.0.0.1,[::1]",
        "SEN_DEMO": "1",
        "SEN_SIMULATORS_URL": "http://localhost:8002",
        "SEN_NATIONAL_IDENTITY_URL": "http://localhost:8002/national-identity",
        "SEN_NATIONAL_IDENTITY_CLIENT": "sen",
        "SEN_NATIONAL_IDENTITY_SECRET": (home / "secrets" / "national-identity").read_text(),
        "SEN_SMS_URL": "http://localhost:8002/sms",
        "SEN_REGISTRIES_SECRET": (home / "secrets" / "registries").read_text(),
        "SEN_RESIDENCE_URL": "http://localhost:8002/residence",
        "SEN_RESIDENCE_SECRET": (home / "secrets" / "residence").read_text(),
        "SEN_POPULATION_URL": "http://localhost:8002/registries/population",
        "SEN_CIVIL_STATUS_URL": "http://localhost:8002/registries/civil-status",
        "SEN_BIRTH_NOTES_URL": "http://localhost:8002/registries/birth-notes",
        "SEN_ENTERPRISES_URL": "http://localhost:8002/registries/enterprises",
        "SEN_LAND_URL": "http://localhost:8002/registries/land",
    }


def test_serve_knows_no_stand_ins_and_keeps_what_the_operator_says(tmp_path, monkeypatch):
    monkeypatch.setenv("SEN_PUBLIC_URL", "https://dichvucong.nghean.gov.vn")
    monkeypatch.delenv("SEN_DEMO", raising=False)
    monkeypatch.delenv("SEN_SIMULATORS_URL", raising=False)

    told = programs.environment(claim(tmp_path), Address("0.0.0.0", 80), simulators=None)

    assert told["SEN_PUBLIC_URL"] == "https://dichvucong.nghean.gov.vn"
    assert ("SEN_DEMO" in told, "SEN_SIMULATORS_URL" in told) == (False, False)


def test_several_web_processes_are_restarted_by_their_master():
    address = Address("127.0.0.1", 8000)

    assert "--respawn-failed-workers" not in programs.web({}, address, workers=1).command
    assert "--respawn-failed-workers" in programs.web({}, address, workers=2).command


def test_upkeep_waits_for_its_day_and_a_failure_is_told(tmp_path):
    said = io.StringIO()
    keeper = Keeper(claim(tmp_path), Console(said), mode="serve")
    told = {**os.environ, "DJANGO_SETTINGS_MODULE": "sen.config.no_such_settings"}

    assert supervisor.Upkeep(keeper, told).turn() is False
    assert said.getvalue() == ""

    assert supervisor.Upkeep(keeper, told, every_seconds=0.0).turn() is False
    assert "no_such_settings" in said.getvalue()
