"""Spans: what a request or a job did, told to a collector of OpenTelemetry. Off by default.

Off, a span is one object that forgets everything, and nothing of OpenTelemetry is imported; its own
variables switch it on (`OTEL_EXPORTER_OTLP_ENDPOINT`), in the web's and the worker's processes.
A span never holds what people are or said: no path, query, address, text of an error.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextvars import copy_context
from functools import partial
from importlib import import_module
from types import TracebackType
from typing import Any, Literal, Self

Value = str | int
Kind = Literal["server", "client", "consumer"]
ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


class Span:
    """A span that nobody hears of; those that are sent have the same verbs."""

    def tell(self, name: str = "", **attributes: Value) -> None:
        """Name the span by what is known only at its end, and add attributes, `__` for a dot."""

    def fail(self, kind: str) -> None:
        """Say that it failed, and how: a kind, never words of a failure."""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End; whatever is raised within goes on."""


_NOBODY = Span()
_sender: Any = None
"""The module `spans` while traces are on: nothing else imports it."""


def is_wanted() -> bool:
    """Tell whether the environment names a collector, and nothing there says no."""
    said = os.environ
    return (
        any(said.get(name) for name in ENDPOINTS)
        and said.get("OTEL_SDK_DISABLED", "").strip().lower() != "true"
        and said.get("OTEL_TRACES_EXPORTER", "otlp") == "otlp"
    )


def begin(process: str) -> None:
    """Send spans of this process from now on, if they are wanted. process: web or worker."""
    if is_wanted():
        switch_on(process)


def switch_on(process: str, exporter: Any = None) -> None:
    """Send spans to an exporter, by default to the collector that the environment names."""
    global _sender  # noqa: PLW0603 - one switch of a process
    sender = import_module("sen.base.spans")
    sender.begin(process, exporter)
    _sender = sender


def end() -> None:
    """Send what is left, for a few seconds at most, and nothing after it."""
    global _sender
    if _sender is not None:
        sender, _sender = _sender, None
        sender.end()


def span(
    name: str, kind: Kind, *, caller: str = "", attributes: Mapping[str, Value] | None = None
) -> Span:
    """Return a span to be entered, part of the one that is open in this thread.

    caller: the trace that a request says it belongs to (`traceparent`). Spans of a server and of a
    consumer count the statements sent to PostgreSQL until they end.
    """
    if _sender is None:
        return _NOBODY
    made: Span = _sender.Sent(name, kind, caller, attributes or {})
    return made


def call(method: str, host: str | None) -> Span:
    """Return the span of a call to somebody outside: by whom it is answered, not what is asked."""
    if _sender is None:
        return _NOBODY
    return span(
        method,
        "client",
        attributes={"http.request.method": method, "server.address": host or ""},
    )


def carried(work: Callable[..., None]) -> Callable[..., None]:
    """Return work for another thread, whose spans belong to the one that is open here."""
    return work if _sender is None else partial(copy_context().run, work)


def current() -> str:
    """Return the id of the trace that is open in this thread, empty where none is."""
    return "" if _sender is None else str(_sender.current())
