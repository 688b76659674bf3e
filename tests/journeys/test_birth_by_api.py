"""A birth registered by programs alone: real tokens, a real socket, a supplement, a rework."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys import cast, life
from tests.journeys.conftest import ROOT, phone

pytestmark = pytest.mark.journey

PERSON = ("dossiers:read", "dossiers:file", "files:read", "files:write", "results:read")
OFFICIAL = ("dossiers:read", "dossiers:act", "tasks:read", "tasks:act", "files:read")
WAIT_SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    """What came back: status, media type, body."""

    status: int
    media: str
    data: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.data)


@dataclass(frozen=True)
class Program:
    """Somebody's program: its address and its token."""

    address: str
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask and return the answer, whatever its status."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        media = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        request = urllib.request.Request(
            f"{self.address}/api/v1{path}",
            data=None if body is None else data,
            method=method,
            headers={"Accept": "application/json", "Content-Type": media, **headers},
        )
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Answer(response.status, response.headers.get_content_type(), response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers.get_content_type(), error.read())

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.data
        return answer.json

    def act(self, code: str, verb: str, **body: Any) -> Any:
        """Do one act on the dossier as it is now."""
        version = self.get(f"/dossiers/{code}")["version"]
        answer = self.ask("POST", f"/dossiers/{code}/{verb}", {"version": version, **body})
        assert answer.status == 200, answer.data
        return answer.json

    def upload(self, name: str, data: bytes) -> str:
        answer = self.ask("POST", f"/files/whole?name={name}", data)
        assert answer.status == 201, answer.data
        return str(answer.json["id"])


@pytest.fixture(scope="module")
def program(demo: str, home: Path, browser: Browser) -> Callable[..., Program]:
    """Return a function that makes a program with a token, by the real command.

    A citizen has an account from their first sign-in on.
    """
    cast.sign_in(phone(browser), demo, cast.FATHER)
    others = ("SEN_", "DATABASE_URL", "DJANGO_")
    own = {name: text for name, text in os.environ.items() if not name.startswith(others)}

    def made(owner: str, *scopes: str) -> Program:
        said = subprocess.run(
            [sys.executable, "-m", "sen.config", "token", "create", f"--owner={owner}",
             "--name=journey", *(f"--scope={scope}" for scope in scopes)],
            env={**own, "SEN_HOME": str(home), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert said.returncode == 0, said.stderr
        return Program(demo, said.stdout.strip().splitlines()[-1])

    return made


def wait(program: Program, code: str, state: str) -> Any:
    """Wait until a dossier is in a state: what follows an act follows it by itself."""
    deadline = time.monotonic() + WAIT_SECONDS
    while (found := program.get(f"/dossiers/{code}"))["state"] != state:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    return found


def test_a_birth_is_registered_by_programs(demo: str, program: Callable[..., Program]) -> None:
    anybody = Program(demo)
    [case] = anybody.get("/procedures/1.001193")["cases"]
    father = program("040093000101", *PERSON)
    one_stop = program("motcua.truongvinh", *OFFICIAL)
    head = program("chanhvanphong.truongvinh", *OFFICIAL)
    specialist = program("hotich.truongvinh", *OFFICIAL)
    chair = program("chutich.truongvinh", *OFFICIAL)
    clerk = program("vanthu.truongvinh", *OFFICIAL)

    filing = {
        "procedure": "1.001193", "case": case["code"], "form_version": case["form_version"],
        "answers": life.answers(), "receiving_unit": "H41.9.11.1",
        "papers": [{"code": "giay_chung_sinh",
                    "files": [father.upload("giay-chung-sinh.pdf", life.scan())]}],
    }  # fmt: skip
    key = {"Idempotency-Key": "birth-by-api-0001-0001"}
    filed = father.ask("POST", "/dossiers", filing, **key)
    assert filed.status == 201, filed.data
    assert father.ask("POST", "/dossiers", filing, **key).json == filed.json
    assert father.ask("POST", "/dossiers", {**filing, "delivery": "post"}, **key).status == 422
    code = filed.json["code"]

    one_stop.act(code, "receive")
    head.act(code, "assign", to=specialist_of(head, code))
    specialist.act(
        code, "request-supplement",
        items=[{"code": "giay_chung_sinh", "what": "Chụp lại", "reason": "Ảnh mờ"}],
    )  # fmt: skip
    again = father.upload("lan-hai.pdf", life.scan("Lần hai"))
    father.act(code, "supplement", papers=[{"code": "giay_chung_sinh", "files": [again]}])
    specialist.act(code, "propose")
    head.act(code, "check", is_agreed=True)
    chair.act(code, "return", comment="Kiểm tra lại nơi sinh")
    specialist.act(code, "propose")
    head.act(code, "check", is_agreed=True)
    chair.act(code, "sign")
    wait(clerk, code, "signed")
    clerk.act(code, "issue")
    whole = wait(father, code, "issued")
    father.act(code, "take-result")

    assert whole["decision"]["round"] == 2
    pdf = father.ask("GET", f"/files/{whole['decision']['file']}/content").data
    [kept] = [one for one in father.get("/results") if one["source_code"] == code]
    by_key = anybody.get(f"/verification/{kept['key']}")
    assert (by_key["verdict"], [one["is_intact"] for one in by_key["signatures"]]) == (
        "authentic", [True, True],
    )  # fmt: skip
    uploaded = anybody.ask("POST", "/verification/files", pdf).json
    assert (uploaded["verdict"], uploaded["number"]) == ("authentic", kept["number"])
    altered = bytearray(pdf)
    altered[altered.index(b"/Type") + 2] ^= 1
    assert anybody.ask("POST", "/verification/files", bytes(altered)).json["verdict"] != "authentic"


def specialist_of(head: Program, code: str) -> str:
    """Return the account of the specialist, as whoever assigns learns it."""
    found = head.get(f"/dossiers/{code}/assignees")
    return str(next(one["account"] for one in found if "Hộ Tịch" in one["name"]))


def test_what_a_token_may_not_do_is_a_problem(demo: str, program: Callable[..., Program]) -> None:
    reader = program("motcua.truongvinh", "tasks:read")
    for asked, status in (
        (reader.ask("GET", "/dossiers"), 403),
        (Program(demo, "sen_wrong").ask("GET", "/tasks"), 401),
        (Program(demo).ask("GET", "/tasks"), 401),
        (reader.ask("GET", "/nowhere"), 404),
        (reader.ask("DELETE", "/tasks"), 405),
        (reader.ask("POST", "/lookups", {"code": "H41-1", "last_digits": "0000"}), 404),
        (reader.ask("POST", "/lookups", {"code": 1}), 422),
    ):
        assert (asked.status, asked.media) == (status, "application/problem+json"), asked.data
        assert asked.json["status"] == status
