"""Money: whole đồng, written the way of the reader's language."""

from __future__ import annotations


def format_vnd(amount_vnd: int, language: str = "vi") -> str:
    """Return an amount as people read it: 2.300.000 đồng; in English VND 2,300,000."""
    said = f"{amount_vnd:,}"
    return f"VND {said}" if language == "en" else said.replace(",", ".") + " đồng"
