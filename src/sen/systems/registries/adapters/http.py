"""One exchange over HTTP within what is left of the time, whatever the payload."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from sen.base import tracing
from sen.systems.registries.choices import Failure
from sen.systems.registries.data import Asked, LookupFailed, Partner

LARGEST = 256 * 1024
"""Bytes of an answer; more is not read."""
_PIECE = 16 * 1024


def post(url: str, body: bytes, headers: Mapping[str, str], asked: Asked) -> bytes:
    """Return the bytes of an answer of 2xx. Raises LookupFailed, never later than `until`."""
    try:
        with tracing.call("POST", urlsplit(url).hostname) as span, requests.post(
            url, data=body, headers=dict(headers), timeout=_left(asked), allow_redirects=False,
            stream=True,
        ) as answer:  # fmt: skip
            span.tell(http__response__status_code=answer.status_code)
            if answer.status_code in {401, 403}:
                raise LookupFailed(Failure.REFUSED)
            if not answer.ok or answer.is_redirect:
                raise LookupFailed(Failure.DOWN)
            return _read(answer, asked)
    except requests.Timeout:
        raise LookupFailed(Failure.TOO_SLOW) from None
    except requests.RequestException:
        raise LookupFailed(Failure.DOWN) from None


def post_json(partner: Partner, body: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Return the object a registry answers to a question in JSON. Raises LookupFailed."""
    headers = {
        "Authorization": f"Bearer {partner.secret}",
        "Content-Type": "application/json",
        "X-Request-Id": asked.request,
    }
    raw = post(partner.url, json.dumps(dict(body)).encode(), headers, asked)
    try:
        told = json.loads(raw)
    except ValueError:
        raise LookupFailed(Failure.MALFORMED) from None
    if not isinstance(told, dict):
        raise LookupFailed(Failure.MALFORMED)
    return told


def _read(answer: requests.Response, asked: Asked) -> bytes:
    read = bytearray()
    for piece in answer.iter_content(_PIECE):
        read += piece
        _left(asked)
        if len(read) > LARGEST:
            raise LookupFailed(Failure.MALFORMED)
    return bytes(read)


def _left(asked: Asked) -> float:
    left = asked.until - time.monotonic()
    if left <= 0:
        raise LookupFailed(Failure.TOO_SLOW)
    return left
