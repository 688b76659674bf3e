"""Whether something listens where the environment says: one connection, no word is sent."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from sen.systems.administration.data import Gateway
from sen.systems.administration.queries import gateways

SECONDS = 2.0
_PORTS = {"https": 443, "http": 80}


def looked_at() -> list[Gateway]:
    """Return everything outside that can be set, each looked for now; at most two seconds."""
    named = gateways.outside()
    answers = listening([one.address for one in named])
    return [
        Gateway(
            title=one.title,
            variables=one.variables,
            is_set=bool(one.address),
            answers=answer,
            without=one.without,
        )
        for one, answer in zip(named, answers, strict=True)
    ]


def listening(addresses: Sequence[str]) -> list[bool | None]:
    """Return of each address whether something listens there; None for an empty one.

    addresses: of the web, or "host:port". All are tried at once; none is waited for longer than
    SECONDS.
    """
    if not addresses:
        return []
    with ThreadPoolExecutor(max_workers=len(addresses)) as pool:
        return list(pool.map(_listens, addresses))


def _listens(address: str) -> bool | None:
    if not address:
        return None
    parts = urlsplit(address if "//" in address else f"//{address}")
    try:
        port = parts.port or _PORTS.get(parts.scheme, 0)
        with socket.create_connection((parts.hostname or "", port), timeout=SECONDS):
            return True
    except (OSError, ValueError):
        return False
