"""The registries under one roof, each at its own place, each broken on request."""

from __future__ import annotations

import hmac
import json
import time
from dataclasses import replace
from html import escape

from simulators.registries import population
from simulators.registries.records_in_json import ANSWERS
from simulators.web import Answer, Request, choices, json_answer, page, redirect

TITLES = {
    "population": "CSDL quốc gia về dân cư",
    "civil-status": "CSDL hộ tịch điện tử",
    "birth-notes": "Giấy chứng sinh điện tử",
    "enterprises": "CSDL đăng ký doanh nghiệp",
    "land": "CSDL quốc gia về đất đai",
    "education": "CSDL quốc gia về giáo dục và đào tạo",
    "poverty": "CSDL hộ nghèo, hộ cận nghèo",
    "social-insurance": "CSDL quốc gia về bảo hiểm",
    "social-security": "Tài khoản an sinh xã hội",
}
FAULTS = {
    "": "Hoạt động",
    "down": "Ngừng hoạt động",
    "slow": "Rất chậm",
    "wrong": "Trả lời sai cấu trúc",
    "other": "Trả lời về người khác",
}
"""What can be wrong with a registry, until it is switched off on the page."""
SLOW_SECONDS = 8


class Registries:
    """All of them: `POST /<name>` asks, `POST /su-co` breaks one.

    account, secret: as whom Sen is known. slow_seconds: how long a slow answer takes.
    """

    def __init__(self, *, account: str, secret: str, slow_seconds: float = SLOW_SECONDS) -> None:
        self._account = account
        self._secret = secret
        self._slow_seconds = slow_seconds
        self._faults = dict.fromkeys(TITLES, "")

    def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        if (request.method, request.path) == ("GET", "/"):
            return self._shown(request)
        if (request.method, request.path) == ("POST", "/su-co"):
            return self._switch(request)
        name = request.path.removeprefix("/")
        if request.method == "POST" and name in TITLES:
            return self._told(name, request)
        return json_answer({"error": "not_found"}, 404)

    def break_down(self, name: str, fault: str) -> None:
        """Let a registry fail in one of the ways of FAULTS from now on."""
        self._faults[name] = fault

    def _switch(self, request: Request) -> Answer:
        name, fault = request.form.get("name", ""), request.form.get("fault", "")
        if name not in TITLES or fault not in FAULTS:
            return page("Tình trạng lạ", "", 400)
        self.break_down(name, fault)
        return redirect(f"{request.base}/")

    def _told(self, name: str, request: Request) -> Answer:
        fault = self._faults[name]
        if fault == "slow":
            time.sleep(self._slow_seconds)
        if fault == "down":
            return json_answer({"error": "down"}, 503)
        if fault == "wrong":
            return json_answer(["?"])
        if name == "population":
            here = replace(request, base=f"{request.base}/{name}")
            return population.answer(
                here, account=self._account, secret=self._secret, is_other=fault == "other"
            )
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self._secret}".encode()):
            return json_answer({"error": "refused"}, 401)
        try:
            return json_answer(ANSWERS[name](json.loads(request.body), is_other=fault == "other"))
        except (ValueError, TypeError, KeyError):
            return json_answer({"error": "malformed"}, 400)

    def _shown(self, request: Request) -> Answer:
        parts = "".join(
            f'<form method="post" action="{escape(request.base)}/su-co">'
            f'<input type="hidden" name="name" value="{name}">'
            f"{choices(title, 'fault', FAULTS, self._faults[name])}"
            '<button class="quiet">Đặt tình trạng</button></form>'
            for name, title in TITLES.items()
        )
        return page("Các cơ sở dữ liệu", parts)
