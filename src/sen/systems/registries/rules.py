"""What an answer of a registry is worth."""

from __future__ import annotations


def outcome(*, asked: str, about: str, has_facts: bool) -> str:
    """Return how a lookup ended: `found`, `not_found` or `other_person`.

    asked, about: national numbers of whom was asked for and of whom the answer tells. An answer
    about anybody else is not to be used, nor one that does not say whom it is about.
    Nguồn: Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 (đúng mục đích, đúng người).
    """
    if not about and not has_facts:
        return "not_found"
    if about != asked:
        return "other_person"
    return "found" if has_facts else "not_found"


def is_same_person(population: str | None) -> bool:
    """Tell whether registries that know numbers alone speak of whom an official named.

    population: how the population database answered, which compares the name with the number; None
    where it was not asked. A failure of it says nothing against: the official has the card in hand.
    Nguồn: Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 (đúng mục đích, đúng người).
    """
    return population not in {"not_found", "other_person"}
