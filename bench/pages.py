"""The same life over the HTML pages: sessions, forms, hidden versions and keys, no script."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from typing import Any

from bench.cast import Cast
from bench.client import Client, Refused
from bench.lives import CASE, POLL, PROCEDURE, Crew, answers, wait

ACTS = (
    "upload", "look at page", "begin draft", "save page", "give papers", "submit",
    "look at dossier", "receive", "assign", "request supplement", "upload again", "supplement",
    "propose", "check", "sign", "issue", "hand over",
)  # fmt: skip
MOST_PAGES = 30
_VERSION = re.compile(r'name="version"\s+value="(\d+)"')
_CODE = re.compile(r"/ho-so/([^/]+)/")


class PageCrew(Crew):
    """A citizen and officials who click."""

    def __init__(self, address: str, cast: Cast, number: int, paper: bytes) -> None:
        super().__init__(address, cast, number, paper)
        for client in self.desk.values():
            client.by_session = True

    def live(self) -> None:
        """Carry one birth registration through the pages. Raises Refused."""
        code = self._filed()
        self.filed.append(code)
        self._act("one_stop", code, "receive")
        self._act("head", code, "assign", to=self.officials["specialist"].account)
        item = {"code": "giay_chung_sinh", "what": "Chụp lại", "reason": "Mờ"}
        wanted = {f"item_1_{part}": said for part, said in item.items()}
        self._act("specialist", code, "request supplement", **wanted)
        file = self.citizen.send("upload again", "/files/whole?name=ban-2.pdf", self.paper)
        self._do(self.citizen, code, "supplement", paper_giay_chung_sinh=file["id"])
        self._act("specialist", code, "propose", kind="result")
        self._act("head", code, "check", answer="agree")
        self._act("chair", code, "sign")
        self._wait_for("clerk", code, "issue")
        self._act("clerk", code, "issue")
        self._wait_for("one_stop", code, "hand_over")
        evidence = {"receiver": self.citizen.person.name, "evidence": "Căn cước đã đối chiếu"}
        self._act("one_stop", code, "hand over", method="counter", **evidence)

    def _filed(self) -> str:
        """Fill in the form page by page, give the paper and submit; return the dossier's code."""
        file = self.citizen.send("upload", "/files/whole?name=giay-chung-sinh.pdf", self.paper)
        to = self.citizen.form("begin draft", f"/thu-tuc/{PROCEDURE}/nop/", [("case", CASE)])
        said = _typed(answers(self.citizen.person))
        for _page in range(MOST_PAGES):
            shown = self.citizen.page("look at page", to)
            version = ("version", _version(shown))
            if to.endswith("/giay-to/"):
                given = [version, ("paper_giay_chung_sinh", file["id"])]
                to = self.citizen.form("give papers", to, given)
            elif "/trang/" in to:
                to = self.citizen.form("save page", to, [version, *said])
            else:
                told = [("key", secrets.token_hex(16)), ("receiving_unit", self.centre)]
                return _code(self.citizen.form("submit", to, told))
        raise Refused("the form has no end")

    def _act(self, role: str, code: str, act: str, **fields: str) -> None:
        self._do(self.desk[role], code, act, **fields)

    def _do(self, client: Client, code: str, act: str, **fields: str) -> None:
        """Look at the dossier as people do before they act, then send the act's form."""
        shown = client.page("look at dossier", f"/ho-so/{code}/")
        sent = [("version", _version(shown)), ("key", secrets.token_hex(16)), *fields.items()]
        client.form(act, f"/ho-so/{code}/viec/{act.replace(' ', '_')}/", sent)

    def _wait_for(self, role: str, code: str, act: str) -> None:
        """Look until the dossier's page offers an act that an event brings about."""
        client, form = self.desk[role], f"/ho-so/{code}/viec/{act}/"
        wait(lambda: form in client.page(POLL, f"/ho-so/{code}/"), f"{code} offers no {act}")


def _version(shown: str) -> str:
    found = _VERSION.search(shown)
    return found[1] if found else ""


def _code(address: str) -> str:
    found = _CODE.search(address)
    if found is None:
        raise Refused(f"no dossier at {address}")
    return found[1]


def _typed(said: dict[str, Any]) -> list[tuple[str, str]]:
    """Return answers as inputs send them; each page takes its own."""
    found: list[tuple[str, str]] = []
    for key, value in said.items():
        if isinstance(value, dict):
            found += [(f"{key}.{part}", text) for part, text in value.items()]
        elif isinstance(value, bool):
            found.append((key, "yes" if value else "no"))
        else:
            found.append((key, _text(value)))
            found.append((f"{key}.code", _text(value)))
    return found


def _text(value: object) -> str:
    try:
        return f"{dt.date.fromisoformat(str(value)):%d/%m/%Y}"
    except ValueError:
        return str(value)
