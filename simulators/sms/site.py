"""Takes messages as JSON, shows the latest ones on a page, fails or dawdles on request."""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
from collections import deque
from html import escape

from simulators.web import Answer, Request, choices, json_answer, page, redirect

KEPT = 200
LONGEST = 1000
OUTAGES = {"": "Hoạt động", "down": "Ngừng hoạt động", "slow": "Rất chậm"}
"""Faults of the stand-in, until switched off on its page."""
SLOW_SECONDS = 8


class Sms:
    """The whole stand-in: `POST /` with `{"to": "0…", "text": "…"}`; `POST /su-co` breaks it.

    slow_seconds: how long a slow answer takes.
    """

    def __init__(self, *, slow_seconds: float = SLOW_SECONDS) -> None:
        self._slow_seconds = slow_seconds
        self._lock = threading.Lock()
        self._messages: deque[tuple[str, str]] = deque(maxlen=KEPT)
        self._outage = ""

    def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        if (request.method, request.path) == ("GET", "/"):
            return self._shown(request)
        if (request.method, request.path) == ("POST", "/su-co"):
            return self._switch(request)
        if (request.method, request.path) == ("POST", "/"):
            return self._taken(request)
        return json_answer({"error": "not_found"}, 404)

    def _switch(self, request: Request) -> Answer:
        asked = request.form.get("outage", "")
        if asked not in OUTAGES:
            return page("Tình trạng lạ", "", 400)
        self._outage = asked
        return redirect(f"{request.base}/")

    def _taken(self, request: Request) -> Answer:
        if self._outage == "slow":
            time.sleep(self._slow_seconds)
        if self._outage == "down":
            return json_answer({"error": "down"}, 503)
        try:
            told = json.loads(request.body)
            to, text = str(told["to"]), str(told["text"])
        except (ValueError, TypeError, KeyError):
            return json_answer({"error": "malformed"}, 400)
        if not re.fullmatch(r"(\+84|0)[0-9]{9}", to) or not 0 < len(text) <= LONGEST:
            return json_answer({"error": "refused"}, 422)
        with self._lock:
            self._messages.appendleft((to, text))
        return json_answer({"id": secrets.token_hex(8)}, 202)

    def _shown(self, request: Request) -> Answer:
        with self._lock:
            listed = list(self._messages)
        rows = "".join(
            f"<li><strong>{escape(to)}</strong> {escape(text)}</li>" for to, text in listed
        )
        return page(
            "Cổng tin nhắn SMS",
            f'<form method="post" action="{escape(request.base)}/su-co">'
            f"{choices('Tình trạng', 'outage', OUTAGES, self._outage)}"
            f'<button class="quiet">Đặt tình trạng</button></form><ol>{rows}</ol>',
        )
