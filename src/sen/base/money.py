"""Money: whole đồng, written the Vietnamese way."""

from __future__ import annotations


def format_vnd(amount_vnd: int) -> str:
    """Return an amount as people read it: 2.300.000 đồng."""
    return f"{amount_vnd:,}".replace(",", ".") + " đồng"
