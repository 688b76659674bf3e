"""A dossier's whole life through the API, as the people of one commune live it."""

from __future__ import annotations

import io
import itertools
import time
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw

from bench.cast import Cast, Person
from bench.client import Client, Refused

POLL = "poll"
"""Under this name go the requests that only look whether a signature has come back."""
POLL_SECONDS = (0.02, 0.04, 0.08, 0.15, 0.25)
PATIENCE_SECONDS = 60
ACTS = (
    "upload", "submit", "receive", "assign", "request supplement", "upload again", "supplement",
    "propose", "check", "sign", "issue", "hand over",
)  # fmt: skip

PROCEDURE, CASE, FORM_VERSION = "1.001193", "thong_thuong", 1


def scan(size: int = 50_000, kind: str = "PDF") -> bytes:
    """Return a scanned paper as PDF, or as an image of a kind, of about this many bytes."""
    edge = 400
    while True:
        picture = Image.effect_noise((edge, edge), 40).convert("RGB")
        ImageDraw.Draw(picture).text((60, 60), "Giay chung sinh", fill="black")
        target = io.BytesIO()
        picture.save(target, kind, quality=20)
        if target.tell() >= size:
            return target.getvalue()
        edge += 20


def answers(father: Person) -> dict[str, Any]:
    """Return the answers of a plain case: born in a hospital, parents married."""
    home = {"line": "Số 1, đường Thử Nghiệm", "code": "16690"}
    return {
        "requester_full_name": father.name,
        "requester_number": father.number,
        "requester_relation": "father",
        "requester_phone": "0900000000",
        "requester_residence": home,
        "child_birth_date": "2026-11-01",
        "birth_place_kind": "facility",
        "birth_facility_name": "Bệnh viện Sản Nhi Giả Định",
        "birth_facility_area": "16690",
        "child_full_name": "Nguyễn Bé Đo Tải",
        "child_sex": "male",
        "child_ethnicity": "kinh",
        "child_nationality": "Việt Nam",
        "child_home_town": "16690",
        "mother_full_name": "Trần Thị Đo Tải",
        "mother_birth_date": "1995-03-08",
        "mother_number": "040195900000",
        "mother_ethnicity": "kinh",
        "mother_nationality": "Việt Nam",
        "mother_residence": home,
        "parents_married": True,
        "marriage_certificate_number": "12/2024",
        "father_full_name": father.name,
        "father_birth_date": "1990-01-01",
        "father_number": father.number,
        "father_ethnicity": "kinh",
        "father_nationality": "Việt Nam",
        "father_residence": home,
        "extract_copies": 2,
        "result_delivery": "counter",
        "truth_declared": True,
    }


class Crew:
    """One citizen and the officials of one commune, who live lives one after another."""

    def __init__(self, address: str, cast: Cast, number: int, paper: bytes) -> None:
        places = list(cast.centres)
        self.place = places[number % len(places)]
        self.paper = paper
        self.centre = cast.centres[self.place]
        self.officials = cast.officials[self.place]
        self.citizen = Client(address, cast.citizens[number], by_session=True)
        self.desk = {
            role: Client(address, person, by_session=False)
            for role, person in self.officials.items()
        }
        self.filed: list[str] = []
        """The codes of the dossiers whose filing was acknowledged."""

    @property
    def clients(self) -> list[Client]:
        """Everybody's connection."""
        return [self.citizen, *self.desk.values()]

    def close(self) -> None:
        """End all connections."""
        for client in self.clients:
            client.close()

    def live(self) -> None:
        """Carry one birth registration from the upload to the handed-over result.

        Raises Refused where the server does not do what the life expects.
        """
        file = self.citizen.send("upload", "/files/whole?name=giay-chung-sinh.pdf", self.paper)
        code, version = self._file(file["id"])
        self.filed.append(code)
        act = _Acts(code, version)
        act(self.desk["one_stop"], "receive", {})
        act(self.desk["head"], "assign", {"to": self.officials["specialist"].account})
        wanted = {"kind": "paper", "code": "giay_chung_sinh", "what": "Chụp lại", "reason": "Mờ"}
        act(self.desk["specialist"], "request supplement", {"items": [wanted]})
        file = self.citizen.send("upload again", "/files/whole?name=ban-2.pdf", self.paper)
        papers = [{"code": "giay_chung_sinh", "files": [file["id"]]}]
        act(self.citizen, "supplement", {"papers": papers})
        act(self.desk["specialist"], "propose", {})
        act(self.desk["head"], "check", {"is_agreed": True})
        act(self.desk["chair"], "sign", {})
        act.wait_for(self.desk["clerk"], "signed")
        act(self.desk["clerk"], "issue", {})
        act.wait_for(self.desk["one_stop"], "issued")
        evidence = {"receiver": self.citizen.person.name, "evidence": "Căn cước đã đối chiếu"}
        act(self.desk["one_stop"], "hand over", {"method": "counter", **evidence})

    def is_done(self, code: str) -> bool:
        """Tell whether a dossier is there and came to its end, all its papers signed."""
        try:
            found = self.citizen.get("look", f"/dossiers/{code}")
        except Refused:
            return False
        states = {paper["state"] for paper in found["issued_forms"]}
        return found["state"] == "handed_over" and states == {"signed"}

    def _file(self, file: str) -> tuple[str, int]:
        filed = self.citizen.post(
            "submit",
            "/dossiers",
            {
                "procedure": PROCEDURE,
                "case": CASE,
                "form_version": FORM_VERSION,
                "answers": answers(self.citizen.person),
                "papers": [{"code": "giay_chung_sinh", "files": [file]}],
                "receiving_unit": self.centre,
                "delivery": "counter",
            },
        )
        return filed["code"], filed["version"]


class _Acts:
    """The acts on one dossier, each on the version that the one before left."""

    def __init__(self, code: str, version: int) -> None:
        self.code = code
        self.version = version
        self.state = ""

    def __call__(self, client: Client, act: str, body: dict[str, Any]) -> None:
        path = f"/dossiers/{self.code}/{act.replace(' ', '-')}"
        self._keep(client.post(act, path, {"version": self.version, **body}))

    def wait_for(self, client: Client, state: str) -> None:
        """Look until the dossier is in a state that an event brings about. Raises Refused."""

        def look() -> bool:
            self._keep(client.get(POLL, f"/dossiers/{self.code}"))
            return self.state == state

        if self.state != state:
            wait(look, f"{self.code} is not {state}")

    def _keep(self, answer: dict[str, Any]) -> None:
        self.version, self.state = answer["version"], answer["state"]


def wait(is_there: Callable[[], bool], otherwise: str) -> None:
    """Ask again and again, more and more seldom, until it is there. Raises Refused."""
    until = time.monotonic() + PATIENCE_SECONDS
    for pause in itertools.chain(POLL_SECONDS, itertools.repeat(POLL_SECONDS[-1])):
        time.sleep(pause)
        if is_there():
            return
        if time.monotonic() > until:
            raise Refused(f"{otherwise} after {PATIENCE_SECONDS} s")
