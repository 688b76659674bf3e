"""HTTP as a program speaks it: one kept connection a person, each request timed."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.cast import Person, new_csrf

TIMEOUT_SECONDS = 60
IDLE_SECONDS = 10
"""A connection that rested longer is opened anew: servers end those that rest for 30 seconds."""
OK, CREATED, SEE_OTHER = 200, 201, 303


class Refused(Exception):
    """The server answered something else than the life expects; the text says what."""


@dataclass
class Timing:
    """One request. began, ended: seconds since 1970."""

    act: str
    began: float
    ended: float


@dataclass
class Client:
    """One person's connection to the server; somebody without session and token is a visitor.

    timings: what was asked, in order. before: called with the act before each request.
    """

    address: str
    person: Person
    by_session: bool
    timings: list[Timing] = field(default_factory=list)
    before: Callable[[str], None] | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        self._csrf = new_csrf()
        self._used_at = 0.0
        self._connection = http.client.HTTPConnection(
            parts.hostname or "localhost", parts.port or 80, timeout=TIMEOUT_SECONDS
        )

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def post(self, act: str, path: str, body: Any) -> dict[str, Any]:
        """Post JSON and return the answer. Raises Refused."""
        return self._json(act, "POST", path, json.dumps(body).encode(), "application/json")

    def send(self, act: str, path: str, data: bytes) -> dict[str, Any]:
        """Post the bytes of a file and return the answer. Raises Refused."""
        return self._json(act, "POST", path, data, "application/octet-stream")

    def get(self, act: str, path: str) -> dict[str, Any]:
        """Return what is there. Raises Refused."""
        return self._json(act, "GET", path, None, "")

    def page(self, act: str, path: str) -> str:
        """Return a page as HTML. Raises Refused."""
        status, _headers, body = self._ask(act, "GET", path, None, {"Accept": "text/html"})
        if status != OK:
            raise Refused(f"{act}: {status} for {path}")
        return body.decode()

    def form(self, act: str, path: str, fields: list[tuple[str, str]]) -> str:
        """Post a form and return where it leads. Raises Refused."""
        told = urlencode([("csrfmiddlewaretoken", self._csrf), *fields]).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        status, found, body = self._ask(act, "POST", path, told, headers)
        if status != SEE_OTHER:
            raise Refused(f"{act}: {status} for {path}: {body[:2000]!r}")
        return found["location"]

    def _json(
        self, act: str, method: str, path: str, body: bytes | None, kind: str
    ) -> dict[str, Any]:
        headers = {"Accept": "application/json", **({"Content-Type": kind} if kind else {})}
        status, _headers, answer = self._ask(act, method, f"/api/v1{path}", body, headers)
        if status not in {OK, CREATED}:
            raise Refused(f"{act}: {status} {answer[:500].decode(errors='replace')}")
        found: dict[str, Any] = json.loads(answer)
        return found

    def _ask(
        self, act: str, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        if self.by_session and self.person.session:
            headers["Cookie"] = f"sen={self.person.session}; csrftoken={self._csrf}"
            headers["X-CSRFToken"] = self._csrf
        elif self.person.token:
            headers["Authorization"] = f"Bearer {self.person.token}"
        if self.before is not None:
            self.before(act)
        began = time.time()
        if began - self._used_at > IDLE_SECONDS:
            self._connection.close()
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Refused(f"{act}: {type(error).__name__} {error}") from error
        self._used_at = time.time()
        self.timings.append(Timing(act, began, self._used_at))
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, content
