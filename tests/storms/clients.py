"""Honest clients: they wait, try again with the same one-time key, and remember what was said."""

from __future__ import annotations

import http.client
import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"
PATIENCE_SECONDS = 150.0
TIMEOUT_SECONDS = 30.0


class GaveUp(Exception):
    """No answer within the patience of a client."""


@dataclass(frozen=True)
class Form:
    """What a page's form sends."""

    fields: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What came back in the end. was_tried_again: whether an earlier try stayed without answer."""

    status: int
    body: Any
    is_replayed: bool = False
    was_tried_again: bool = False


@dataclass
class Seen:
    """What all clients saw, counted: refusals by status, tries without any answer."""

    requests: int = 0
    retries: Counter[str] = field(default_factory=Counter)
    replayed: int = 0
    faults: list[str] = field(default_factory=list)
    slowest_seconds: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Client:
    """Somebody at the door of an installation, by bearer token or by session."""

    address: str
    seen: Seen
    token: str = ""
    session: str = ""

    def get(self, path: str) -> Answer:
        return self._until_answered("GET", path, None, "")

    def post(self, path: str, body: Any, *, key: str = "") -> Answer:
        """Order something once: every try carries the same key."""
        return self._until_answered("POST", path, body, key or secrets.token_hex(16))

    def _until_answered(self, method: str, path: str, body: Any, key: str) -> Answer:
        began, tries = time.monotonic(), 0
        while True:
            why = ""
            try:
                status, headers, data = self.once(method, path, body, key)
            except (OSError, http.client.HTTPException) as error:
                why = type(error).__name__
            else:
                is_problem = headers.get("Content-Type", "").startswith("application/problem+json")
                if status < 500:
                    answer = Answer(
                        status,
                        json.loads(data) if data else None,
                        is_replayed=headers.get("Idempotency-Replayed") == "true",
                        was_tried_again=tries > 0,
                    )
                    self._note(began, replayed=answer.is_replayed)
                    return answer
                why = f"{status}"
                if status != 503 or not is_problem:
                    with self.seen.lock:
                        self.seen.faults.append(f"{status} {method} {path} {data[:300]!r}")
            tries += 1
            with self.seen.lock:
                self.seen.retries[why] += 1
            if time.monotonic() - began > PATIENCE_SECONDS:
                raise GaveUp(f"{method} {path}: {why}, {tries} tries")
            time.sleep(min(0.1 * 2 ** min(tries, 4), 1.5))

    def once(
        self, method: str, path: str, body: Any, key: str = ""
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Ask once and return status, headers, body. Raises OSError, HTTPException."""
        at = urlsplit(self.address)
        line = http.client.HTTPConnection(at.hostname or "", at.port, timeout=TIMEOUT_SECONDS)
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        csrf = secrets.token_hex(16)
        if self.session:
            headers["Cookie"] = f"sen={self.session}; csrftoken={csrf}"
            headers["X-CSRFToken"] = csrf
        if key:
            headers["Idempotency-Key"] = key
        data = body
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/octet-stream"
        elif isinstance(body, Form):
            said = {**body.fields, "csrfmiddlewaretoken": csrf}
            data, headers["Content-Type"] = urlencode(said), FORM
        elif body is not None:
            data = json.dumps(body)
            headers["Content-Type"] = "application/json"
        try:
            line.request(method, path, data, headers)
            response = line.getresponse()
            return response.status, response.headers, response.read()
        finally:
            line.close()

    def _note(self, began: float, *, replayed: bool) -> None:
        took = time.monotonic() - began
        with self.seen.lock:
            self.seen.requests += 1
            self.seen.replayed += replayed
            self.seen.slowest_seconds = max(self.seen.slowest_seconds, took)
