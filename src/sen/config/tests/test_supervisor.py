from __future__ import annotations

import io
import os
import socket
from pathlib import Path

import pytest
from django.conf import settings

from sen.config import programs, supervisor
from sen.config.addresses import Address, Listening, Tls
from sen.config.console import Console
from sen.config.home import CannotStart, claim
from sen.config.keeper import Keeper


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
        "SEN_EDUCATION_URL": "http://localhost:8002/registries/education",
        "SEN_POVERTY_URL": "http://localhost:8002/registries/poverty",
        "SEN_SOCIAL_INSURANCE_URL": "http://localhost:8002/registries/social-insurance",
        "SEN_SOCIAL_SECURITY_URL": "http://localhost:8002/registries/social-security",
    }


def test_serve_knows_no_stand_ins_and_keeps_what_the_operator_says(tmp_path, monkeypatch):
    monkeypatch.setenv("SEN_PUBLIC_URL", "https://dichvucong.nghean.gov.vn")
    monkeypatch.delenv("SEN_DEMO", raising=False)
    monkeypatch.delenv("SEN_SIMULATORS_URL", raising=False)

    told = programs.environment(claim(tmp_path), Address("0.0.0.0", 80), simulators=None)

    assert told["SEN_PUBLIC_URL"] == "https://dichvucong.nghean.gov.vn"
    assert ("SEN_DEMO" in told, "SEN_SIMULATORS_URL" in told) == (False, False)


def test_web_inherits_the_socket_and_is_ready_when_each_process_is():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        tls = Tls(Path("/tls/chain.pem"), Path("/tls/key.pem"))
        listening = Listening(Address("127.0.0.1", 8000), listener, tls)
        program = programs.web({}, listening, workers=2)
        descriptor = listener.fileno()

    assert (program.descriptors, program.ready, program.ready_times) == (
        (descriptor,),
        "web.ready",
        2,
    )
    assert program.command[1:] == (
        "-m", "sen.config.web_server", "--fd", str(descriptor), "--workers", "2",
        "--stop-seconds", "15", "--certificate", "/tls/chain.pem", "--key", "/tls/key.pem",
    )  # fmt: skip


def test_upkeep_waits_for_its_day_and_a_failure_is_told(tmp_path):
    said = io.StringIO()
    keeper = Keeper(claim(tmp_path), Console(said), mode="serve")
    told = {**os.environ, "DJANGO_SETTINGS_MODULE": "sen.config.no_such_settings"}

    assert supervisor.Upkeep(keeper, told).turn() is False
    assert said.getvalue() == ""

    assert supervisor.Upkeep(keeper, told, every_seconds=0.0).turn() is False
    assert "no_such_settings" in said.getvalue()
