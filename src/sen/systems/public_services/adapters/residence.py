"""The central system of residence: files, dossiers, their state, as JSON over HTTP.

No interface of it is published; the names of fields follow public adapters of provinces. A key
that was sent before is answered with the same code, so that sending again is safe.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from sen.base import tracing
from sen.systems.public_services.choices import PassageOutcome
from sen.systems.public_services.data import ElsewhereAnswer, ElsewhereStatus, Partner

TIMEOUT_SECONDS = 8
LARGEST = 256 * 1024
"""Bytes of an answer; more is not read."""
_REFUSALS = frozenset({400, 409, 413, 422})


class Refused(Exception):
    """The partner does not take the dossier and said why; sending it again changes nothing."""


class Unreachable(OSError):
    """The partner did not answer as agreed; it may later."""


def hand_in_file(partner: Partner, *, sha256: str, data: bytes) -> None:
    """Hand in a file under its fingerprint; a repeat changes nothing. Raises as `hand_in`."""
    _asked(partner, "POST", f"tep/{sha256}", data=data, headers={})


def hand_in(partner: Partner, *, key: str, body: Mapping[str, Any]) -> ElsewhereStatus:
    """Hand in a dossier under a one-time key; return its code there and where it is.

    Raises Refused with the partner's reason, Unreachable.
    """
    told = _asked(
        partner, "POST", "ho-so", data=None, json=dict(body), headers={"Idempotency-Key": key}
    )
    return _status(told)


def status(partner: Partner, *, code: str) -> ElsewhereStatus:
    """Return where a dossier is there, with its answer once there is one. Raises as `hand_in`."""
    return _status(_asked(partner, "GET", f"ho-so/{code}", data=None, headers={}))


def _asked(
    partner: Partner,
    method: str,
    path: str,
    *,
    data: bytes | None,
    headers: Mapping[str, str],
    json: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    try:
        with tracing.call(method, urlsplit(partner.url).hostname) as span:
            answer = requests.request(
                method,
                f"{partner.url}/{path}",
                data=data,
                json=json,
                headers={"Authorization": f"Bearer {partner.secret}", **headers},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
            span.tell(http__response__status_code=answer.status_code)
    except requests.RequestException as error:
        raise Unreachable(type(error).__name__) from None
    if answer.status_code in _REFUSALS:
        raise Refused(_reason(answer))
    if not answer.ok or answer.is_redirect or len(answer.content) > LARGEST:
        raise Unreachable(f"HTTP {answer.status_code}")
    told = _read(answer)
    if told is None:
        raise Unreachable("malformed")
    return told


def _read(answer: requests.Response) -> Mapping[str, Any] | None:
    try:
        told = answer.json()
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _reason(answer: requests.Response) -> str:
    told = _read(answer) or {}
    return str(told.get("lyDo") or told.get("loi") or f"HTTP {answer.status_code}")[:500]


def _status(told: Mapping[str, Any]) -> ElsewhereStatus:
    try:
        result = told.get("ketQua")
        answer = None if result is None else _answer(result)
        return ElsewhereStatus(
            code=str(told["maTiepNhan"]), state=str(told["trangThai"])[:200], answer=answer
        )
    except (KeyError, TypeError, ValueError):
        raise Unreachable("malformed") from None


def _answer(result: Mapping[str, Any]) -> ElsewhereAnswer:
    granted = result["dongY"] == "1"
    return ElsewhereAnswer(
        outcome=PassageOutcome.GRANTED if granted else PassageOutcome.REFUSED,
        number=str(result["so"])[:100],
        answered_on=dt.date.fromisoformat(result["ngay"]),
        words=str(result["noiDung"])[:2000],
        ground=str(result.get("canCu", ""))[:500],
    )
