"""Takes dossiers by a one-time key, answers when somebody here decides, fails on request.

`POST /tep/<sha256>` takes a file, `POST /ho-so` a dossier, `GET /ho-so/<code>` tells where it is.
No interface of the real system is published: names follow public adapters of provinces and say so.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
import time
from dataclasses import dataclass, field
from html import escape
from typing import Any

from simulators.web import Answer, Request, choices, json_answer, page, redirect

FAULTS = {
    "": "Hoạt động",
    "down": "Ngừng hoạt động",
    "slow": "Rất chậm",
    "refuses": "Từ chối mọi hồ sơ mới",
    "lost": "Nhận hồ sơ nhưng không kịp trả lời",
    "twice": "Trả lời hai lần, lần sau một số khác",
}
"""What can be wrong, until it is switched off on the page."""
SLOW_SECONDS = 12
STATES = {
    "moi": "Mới nhận",
    "dang_xu_ly": "Đang xử lý",
    "dong_y": "Đã giải quyết",
    "tu_choi": "Từ chối",
}
DECIDED = {"dong_y", "tu_choi"}
EARLIER = re.compile(r"G01\.98-[0-9]{7}")
"""Codes of dossiers that a demonstration says it handed in before this stand-in was started."""
_OF_EARLIER: dict[str, Any] = {
    "maHoSo": "Hồ sơ của dữ liệu trình diễn, có từ trước khi khởi động",
    "chuHoSo": {},
}


@dataclass
class Held:
    """A dossier as it came in, and where it is here."""

    code: str
    key: str
    digest: str
    sent: dict[str, Any]
    state: str = "moi"
    result: dict[str, str] = field(default_factory=dict)
    looks: int = 0


class Residence:
    """The whole stand-in; its page lists dossiers with the buttons that decide on them.

    secret: the word of the province's account. slow_seconds: how long a slow answer takes.
    """

    def __init__(self, *, secret: str, slow_seconds: float = SLOW_SECONDS) -> None:
        self._secret = secret
        self._slow_seconds = slow_seconds
        self._lock = threading.Lock()
        self._held: dict[str, Held] = {}
        self._files: set[str] = set()
        self._fault = ""

    def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        if request.method == "GET" and request.path == "/":
            return self._shown(request)
        if request.method == "POST" and request.path in {"/su-co", "/xu-ly"}:
            return self._clicked(request)
        return self._asked(request)

    def break_down(self, fault: str) -> None:
        """Fail in one of the ways of FAULTS from now on."""
        self._fault = fault

    def decide(self, code: str, state: str) -> None:
        """Move a dossier on, as somebody there would."""
        with self._lock:
            held = next(one for one in self._held.values() if one.code == code)
            held.state = state
            if state in DECIDED:
                held.result = self._result(held, 1)

    def codes(self) -> list[str]:
        """Return the codes of what came in, oldest first."""
        with self._lock:
            return [one.code for one in self._held.values()]

    def _asked(self, request: Request) -> Answer:
        if self._fault == "slow":
            time.sleep(self._slow_seconds)
        if self._fault == "down":
            return json_answer({"loi": "down"}, 503)
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self._secret}".encode()):
            return json_answer({"loi": "refused"}, 401)
        first, _slash, last = request.path.strip("/").partition("/")
        if request.method == "POST" and first == "tep":
            return self._file(last, request.body)
        if request.method == "POST" and (first, last) == ("ho-so", ""):
            return self._taken(request)
        if request.method == "GET" and first == "ho-so":
            return self._status(last)
        return json_answer({"loi": "not_found"}, 404)

    def _file(self, digest: str, body: bytes) -> Answer:
        if hashlib.sha256(body).hexdigest() != digest:
            return json_answer({"loi": "digest"}, 422)
        with self._lock:
            self._files.add(digest)
        return json_answer({"tep": digest}, 201)

    def _taken(self, request: Request) -> Answer:
        key = request.headers.get("idempotency-key", "")
        digest = hashlib.sha256(request.body).hexdigest()
        read = _read(request.body)
        if not key or read is None:
            return json_answer({"loi": "malformed"}, 400)
        sent, wanted = read
        if self._fault == "refuses":
            return json_answer({"lyDo": "Địa chỉ đăng ký không thuộc địa bàn quản lý"}, 422)
        with self._lock:
            if not wanted <= self._files:
                return json_answer({"lyDo": "Thiếu tệp của giấy tờ"}, 422)
            held = self._held.get(key)
            if held is None:
                code = f"G01.99-{len(self._held) + 1:07d}"
                held = self._held[key] = Held(code=code, key=key, digest=digest, sent=sent)
        if held.digest != digest:
            return json_answer({"loi": "other_content"}, 409)
        if self._fault == "lost":
            return json_answer({"loi": "timeout"}, 504)
        return json_answer({"maTiepNhan": held.code, "trangThai": STATES[held.state]}, 201)

    def _status(self, code: str) -> Answer:
        with self._lock:
            held = next((one for one in self._held.values() if one.code == code), None)
            if held is None and EARLIER.fullmatch(code):
                held = self._held[code] = Held(
                    code=code, key=code, digest="", sent=dict(_OF_EARLIER), state="dang_xu_ly"
                )
            if held is None:
                return json_answer({"loi": "not_found"}, 404)
            told: dict[str, Any] = {"maTiepNhan": code, "trangThai": STATES[held.state]}
            if held.state in DECIDED:
                held.looks += 1
                again = self._fault == "twice" and held.looks > 1
                told["ketQua"] = self._result(held, held.looks) if again else held.result
        return json_answer(told)

    def _result(self, held: Held, look: int) -> dict[str, str]:
        granted = held.state == "dong_y"
        return {
            "dongY": "1" if granted else "0",
            "so": f"{int(held.code[-7:]) * 10 + look}/TB-CT08",
            "ngay": time.strftime("%Y-%m-%d"),
            "noiDung": "Đã cập nhật nơi thường trú trong cơ sở dữ liệu về cư trú"
            if granted
            else "Chưa đủ điều kiện đăng ký thường trú tại chỗ ở này",
            "canCu": "Luật Cư trú 68/2020/QH14, Điều 20",
        }

    def _clicked(self, request: Request) -> Answer:
        form = request.form
        if request.path == "/su-co" and form.get("fault", "?") in FAULTS:
            self.break_down(form["fault"])
        elif form.get("trangThai") in STATES and form.get("ma") in self.codes():
            self.decide(form["ma"], form["trangThai"])
        else:
            return page("Tình trạng lạ", "", 400)
        return redirect(f"{request.base}/")

    def _shown(self, request: Request) -> Answer:
        base = escape(request.base)
        with self._lock:
            listed = list(self._held.values())
        rows = "".join(
            f'<form method="post" action="{base}/xu-ly"><fieldset><legend>{escape(one.code)} · '
            f"{escape(STATES[one.state])}</legend><p>{escape(str(one.sent['maHoSo']))} · "
            f"{escape(str(one.sent['chuHoSo'].get('hoTen', '')))}</p>"
            f'<input type="hidden" name="ma" value="{escape(one.code)}">'
            + "".join(
                f'<button class="quiet" name="trangThai" value="{state}">{label}</button>'
                for state, label in STATES.items()
                if state not in {"moi", one.state} and one.state not in DECIDED
            )
            + "</fieldset></form>"
            for one in reversed(listed)
        )
        return page(
            "Hệ thống đăng ký, quản lý cư trú",
            f'<form method="post" action="{base}/su-co">'
            f"{choices('Tình trạng', 'fault', FAULTS, self._fault)}"
            '<button class="quiet">Đặt tình trạng</button></form>'
            f"{rows or '<p>Chưa có hồ sơ nào.</p>'}",
        )


def _read(body: bytes) -> tuple[dict[str, Any], set[str]] | None:
    """Return a dossier and the fingerprints it names, None for what is no dossier."""
    try:
        sent = json.loads(body)
        wanted = {one["maBam"] for paper in sent["giayTo"] for one in paper["tep"]}
        named = str(sent["maHoSo"]), str(sent["chuHoSo"]["soDinhDanh"])
    except (ValueError, TypeError, KeyError):
        return None
    return (sent, wanted) if all(named) else None
