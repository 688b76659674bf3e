"""Takes messages as JSON, shows the latest ones on a page, fails on request."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections import deque
from html import escape

from simulators.web import Answer, Request, json_answer, page, redirect

KEPT = 200
LONGEST = 1000


class Sms:
    """The whole stand-in: `POST /` with `{"to": "0…", "text": "…"}`; `POST /su-co` breaks it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: deque[tuple[str, str]] = deque(maxlen=KEPT)
        self._is_down = False

    def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        if (request.method, request.path) == ("GET", "/"):
            return self._shown(request)
        if (request.method, request.path) == ("POST", "/su-co"):
            self._is_down = not self._is_down
            return redirect(f"{request.base}/")
        if (request.method, request.path) == ("POST", "/"):
            return self._taken(request)
        return json_answer({"error": "not_found"}, 404)

    def _taken(self, request: Request) -> Answer:
        if self._is_down:
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
        state = "đang ngừng" if self._is_down else "đang hoạt động"
        return page(
            "Cổng tin nhắn SMS",
            f'<form method="post" action="{escape(request.base)}/su-co"><p>Cổng {state}.</p>'
            f'<button class="quiet">Đổi tình trạng</button></form><ol>{rows}</ol>',
        )
