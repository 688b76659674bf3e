"""The account to which social security is paid, as a person named it in the electronic identity."""

from __future__ import annotations

from typing import Any

from sen.systems.registries.adapters import record
from sen.systems.registries.data import Asked, Partner, Told


def ask(partner: Partner, asked: Asked) -> Told:
    """Return the account that a person named for social security. Raises LookupFailed."""
    return record.ask_for(partner, asked, "taiKhoan", _facts)


def _facts(account: dict[str, Any]) -> dict[str, Any]:
    return {"account.bank": account["nganHang"], "account.number": account["soTaiKhoan"]}
