"""A few lines over WSGI: what a stand-in needs of a request and of an answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

LARGEST_BODY = 16 * 1024 * 1024
"""Papers of a dossier come whole."""

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a browser or a system sent. base: the address under which the stand-in is reached."""

    method: str
    path: str
    base: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())


def json_answer(body: object, status: int = 200) -> Answer:
    """Return an answer in JSON that nobody keeps."""
    headers = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
    return Answer(status=status, body=json.dumps(body).encode(), headers=headers)


def redirect(address: str) -> Answer:
    """Send the browser on."""
    return Answer(status=303, headers=(("Location", address), ("Cache-Control", "no-store")))


_STYLE = """
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:34rem;padding:0 1rem 3rem}
.mark{background:repeating-linear-gradient(-45deg,#7a4a00 0 1rem,#5f3a00 1rem 2rem);color:#fff;
margin:0 -1rem 1.5rem;padding:.6rem 1rem;font-weight:600;text-align:center}
fieldset{border:1px solid #8888;border-radius:.75rem;margin:0 0 1.25rem;padding:.5rem 1rem}
legend{font-weight:600;padding:0 .4rem}
label{display:flex;gap:.75rem;align-items:flex-start;padding:.6rem 0;min-height:1.75rem}
label+label{border-top:1px solid #8883}label small{display:block;opacity:.75}
input[type=radio]{width:1.25rem;height:1.25rem;margin:.15rem 0 0;flex:none}
button{font:inherit;font-weight:600;border:0;border-radius:.75rem;padding:.8rem 1.25rem;
min-height:3rem;width:100%;margin:0 0 .75rem;background:#1c4f8f;color:#fff;cursor:pointer}
button.quiet{background:transparent;color:inherit;border:1px solid #8888}
summary{padding:.6rem 0;cursor:pointer}code{overflow-wrap:anywhere}
:focus-visible{outline:3px solid #d08700;outline-offset:2px}
"""


def page(title: str, content: str, status: int = 200) -> Answer:
    """Return a page that says on top that it is a stand-in. content: HTML, escaped by its maker."""
    text = (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · MÔ PHỎNG</title><style>{_STYLE}</style></head><body>"
        '<p class="mark">MÔ PHỎNG – không phải hệ thống thật, mọi người ở đây đều hư cấu</p>'
        f"<main><h1>{escape(title)}</h1>{content}</main></body></html>"
    )
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"))
    return Answer(status=status, body=text.encode(), headers=headers)


def read(environ: Mapping[str, Any], *, prefix: str) -> Request:
    """Return the request of a WSGI environment; prefix: the stand-in's place on this server."""
    length = min(int(environ.get("CONTENT_LENGTH") or 0), LARGEST_BODY)
    host = environ.get("HTTP_HOST", "")
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "/").removeprefix(prefix) or "/",
        base=f"{environ['wsgi.url_scheme']}://{host}{prefix}",
        query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
        headers={
            key.removeprefix("HTTP_").replace("_", "-").lower(): value
            for key, value in environ.items()
            if key.startswith("HTTP_")
        },
        body=environ["wsgi.input"].read(length) if length else b"",
    )


def send(answer: Answer, start_response: StartResponse) -> Iterable[bytes]:
    """Hand an answer to the server."""
    phrase = HTTPStatus(answer.status).phrase
    headers = [*answer.headers, ("Content-Length", str(len(answer.body)))]
    start_response(f"{answer.status} {phrase}", headers)
    return [answer.body]


def choices(legend: str, name: str, options: dict[str, str], chosen: str) -> str:
    """Return radio buttons; the text after a line break is a smaller second line."""
    rows = []
    for value, text in options.items():
        first, _, second = text.partition("\n")
        mark = " checked" if value == chosen else ""
        small = f"<small>{escape(second)}</small>" if second else ""
        rows.append(
            f'<label><input type="radio" name="{name}" value="{escape(value)}"{mark}>'
            f"<span>{escape(first)}{small}</span></label>"
        )
    return f"<fieldset><legend>{escape(legend)}</legend>{''.join(rows)}</fieldset>"
