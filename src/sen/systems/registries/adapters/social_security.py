"""The account to which social security is paid, as a person named it in the electronic identity.

No public document describes the operation; the names of its fields are ours.
"""

from __future__ import annotations

from typing import Any

from sen.systems.registries.adapters import http
from sen.systems.registries.choices import Failure
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told


def ask(partner: Partner, asked: Asked) -> Told:
    """Return the account that a person named for social security. Raises LookupFailed."""
    body = {
        "maYeuCau": asked.request,
        "maDVC": asked.procedure,
        "soDinhDanh": asked.national_number,
    }
    try:
        answer = http.post_json(partner, body, asked)
        account = answer["taiKhoan"]
        if account is None:
            return Told()
        return Told(about=str(answer["soDinhDanh"]), facts=_facts(account))
    except (KeyError, TypeError, AttributeError):
        raise LookupFailed(Failure.MALFORMED) from None


def _facts(account: dict[str, Any]) -> dict[str, Any]:
    return {"account.bank": account["nganHang"], "account.number": account["soTaiKhoan"]}
