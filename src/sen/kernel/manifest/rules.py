"""What must hold between the manifests of all systems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sen.kernel.manifest.data import Manifest

PREFIXED = (
    "permissions", "roles", "acts", "figures", "channels", "datasets", "exchange", "first_run",
    "invariants",
)  # fmt: skip
"""Slots whose codes start with the system's code."""


def code_of(item: object) -> str | None:
    """Return what names an item within its slot: its code, name, key or kind; None if nothing."""
    for attribute in ("code", "name", "key", "slug", "kind"):
        value = getattr(item, attribute, None)
        if isinstance(value, str):
            return value
    return None


def wrong_types(manifest: Manifest, types: Mapping[str, type]) -> Iterator[str]:
    """Yield a sentence for each slot that is no list and each item of another type."""
    for slot, wanted in types.items():
        items: object = getattr(manifest, slot)
        if not isinstance(items, (list, tuple)):
            yield f"{manifest.code}: slot {slot} is a list of {wanted.__name__}"
            continue
        for item in items:
            if not isinstance(item, wanted):
                kind = type(item).__name__
                yield f"{manifest.code}: slot {slot} takes {wanted.__name__}, not {kind}"


def duplicates(manifests: Sequence[Manifest], slots: Iterable[str]) -> Iterator[str]:
    """Yield a sentence for each system declared twice and each code given twice in one slot."""
    for code, times in Counter(manifest.code for manifest in manifests).items():
        if times > 1:
            yield f"{code}: two systems have this code"
    for slot in slots:
        seen: dict[str, str] = {}
        for manifest in manifests:
            for item in getattr(manifest, slot):
                name = code_of(item)
                if name is None:
                    continue
                if name in seen:
                    yield f"{manifest.code}: slot {slot}: {name} is already given by {seen[name]}"
                seen[name] = manifest.code


def foreign_codes(manifest: Manifest) -> Iterator[str]:
    """Yield a sentence for each code that does not start with the code of its system."""
    for slot in PREFIXED:
        for item in getattr(manifest, slot):
            code = code_of(item)
            if code is not None and not code.startswith(f"{manifest.code}."):
                yield f"{manifest.code}: slot {slot}: {code} must start with {manifest.code}."


def unknown_permissions(manifest: Manifest, known: Collection[str]) -> Iterator[str]:
    """Yield a sentence for each role, act, menu item or channel that asks for no known right."""
    for role in manifest.roles:
        for permission in role.permissions:
            if permission not in known:
                yield _unknown(manifest, "roles", role.code, permission)
    for slot in ("menu", "acts", "channels"):
        for item in getattr(manifest, slot):
            if item.permission is not None and item.permission not in known:
                name = code_of(item) or item.url_name
                yield _unknown(manifest, slot, name, item.permission)


def _unknown(manifest: Manifest, slot: str, item: str, permission: str) -> str:
    return f"{manifest.code}: slot {slot}: {item} asks for the unknown permission {permission}"
