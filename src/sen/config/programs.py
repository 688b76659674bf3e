"""The programs of Sen: how each is called and what its environment says."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from sen.config.addresses import Address, Listening, names_of_this_machine
from sen.config.children import Program
from sen.config.home import secret

ROOT = Path(__file__).resolve().parents[3]
WEB_STOP_SECONDS = 15
REGISTRIES = (
    "population", "civil-status", "birth-notes", "enterprises", "land", "education", "poverty",
    "social-insurance", "social-security",
)  # fmt: skip
"""The registries that the demo has stand-ins for."""
LOCK_SECONDS = "8"
"""How long a page waits for a lock of somebody else: less than a browser, more than any act."""


def environment(home: Path, address: Address, *, simulators: Address | None) -> dict[str, str]:
    """Return the environment of every program; what the operator set stays as it is.

    simulators: where they listen, in the demo only.
    """
    told = dict(os.environ)
    told["SEN_HOME"] = str(home)
    told["PYTHONUNBUFFERED"] = "1"
    told.setdefault("DJANGO_SETTINGS_MODULE", "sen.config.settings")
    told.setdefault("PYTHONPATH", f"{ROOT / 'src'}{os.pathsep}{ROOT}")
    told.setdefault("SEN_PUBLIC_URL", address.url)
    told.setdefault("SEN_HOSTS", ",".join(names_of_this_machine(address.host)))
    if simulators:
        told["SEN_DEMO"] = "1"
        told["SEN_SIMULATORS_URL"] = simulators.url
        told.setdefault("SEN_NATIONAL_IDENTITY_URL", f"{simulators.url}/national-identity")
        told.setdefault("SEN_NATIONAL_IDENTITY_CLIENT", "sen")
        told.setdefault("SEN_NATIONAL_IDENTITY_SECRET", secret(home, "national-identity"))
        told.setdefault("SEN_SMS_URL", f"{simulators.url}/sms")
        told.setdefault("SEN_REGISTRIES_SECRET", secret(home, "registries"))
        told.setdefault("SEN_RESIDENCE_URL", f"{simulators.url}/residence")
        told.setdefault("SEN_RESIDENCE_SECRET", secret(home, "residence"))
        for name in REGISTRIES:
            address_of = f"SEN_{name.upper().replace('-', '_')}_URL"
            told.setdefault(address_of, f"{simulators.url}/registries/{name}")
    return told


def preparation(told: dict[str, str], words: tuple[str, ...]) -> Program:
    """Return what migrates, collects assets and seeds the demo; it ends by itself."""
    return _program("preparation", told, "-m", "sen.config.preparation", *words)


def partitions(told: dict[str, str]) -> Program:
    """Return what makes partitions ahead and drops old ones, as the owner; it ends by itself."""
    return _program("partitions", told, "-m", "django", "partitions")


def web(told: dict[str, str], listening: Listening, *, workers: int) -> Program:
    """Return the pages and the API.

    A lone worker is restarted by the supervisor, several by their own master.
    """
    told = {"SEN_LOCK_SECONDS": LOCK_SECONDS, **told}
    descriptor = listening.socket.fileno()
    tls = listening.tls
    secure = ("--certificate", str(tls.certificate), "--key", str(tls.key)) if tls else ()
    program = _program(
        "web", told, "-m", "sen.config.web_server", "--fd", str(descriptor),
        "--workers", str(workers), "--stop-seconds", str(WEB_STOP_SECONDS), *secure,
    )  # fmt: skip
    return replace(program, descriptors=(descriptor,), ready="web.ready", ready_times=workers)


def worker(told: dict[str, str]) -> Program:
    """Return the event relay, the jobs and the sealer of the audit trail."""
    program = _program("worker", {**told, "SEN_ACTS_AS_SYSTEM": "1"}, "-m", "django", "worker")
    return replace(program, ready="worker.started")


def redirection(told: dict[str, str], host: str, port: int, home: Path) -> Program:
    """Return what sends plain requests on to https."""
    target = told["SEN_PUBLIC_URL"].rstrip("/")
    return _program(
        "plain", told, "-m", "sen.config.redirection", host, str(port), target, str(home / "acme")
    )


def simulators(told: dict[str, str], address: Address) -> Program:
    """Return the stand-ins for what is outside a province."""
    return _program(
        "simulators", told, "-m", "simulators", "--host", address.host, "--port", str(address.port)
    )


def _program(name: str, told: dict[str, str], *arguments: str) -> Program:
    """Return a program of ours; PostgreSQL shows its connections under its name."""
    named = {**told, "PGAPPNAME": f"sen {name}"}
    return Program(name, (sys.executable, *arguments), named, ROOT)
