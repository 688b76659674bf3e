"""The insurance database: whether a person receives a monthly pension or benefit."""

from __future__ import annotations

from typing import Any

from sen.systems.registries.adapters import record
from sen.systems.registries.choices import Failure
from sen.systems.registries.data import Asked, LookupFailed, Partner, Told


def ask(partner: Partner, asked: Asked) -> Told:
    """Return whether a person is paid by social insurance every month. Raises LookupFailed."""
    return record.ask_for(partner, asked, "nguoiThamGia", _facts)


def _facts(person: dict[str, Any]) -> dict[str, Any]:
    paid = person["huongHangThang"]
    if not isinstance(paid, bool):
        raise LookupFailed(Failure.MALFORMED)
    return {"pension.is_paid": paid}
