"""The checked list of rules: how long each kind of record is kept."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.keeping.data import Retention

_rules: dict[str, Retention] = {}


def register_rules(*rules: Retention) -> None:
    """Add rules. Raises ImproperlyConfigured for another type, a kind twice, half a rule."""
    for rule in rules:
        if not isinstance(rule, Retention):
            raise ImproperlyConfigured(f"not a Retention: {rule!r}")
        if _rules.get(rule.kind, rule) != rule:
            raise ImproperlyConfigured(f"how long {rule.kind} is kept is registered twice")
        if (rule.count is None) != (rule.erase is None):
            raise ImproperlyConfigured(f"{rule.kind}: count and erase belong together")
        if rule.erase is not None and rule.days is None:
            raise ImproperlyConfigured(f"{rule.kind} is kept for ever and erased")
        _rules[rule.kind] = rule


def rules() -> tuple[Retention, ...]:
    """Return every rule, sorted by kind."""
    return tuple(_rules[kind] for kind in sorted(_rules))


def rule(kind: str) -> Retention:
    """Return one rule. Raises ImproperlyConfigured for a kind that nobody registered."""
    if kind not in _rules:
        raise ImproperlyConfigured(f"nobody says how long {kind} is kept")
    return _rules[kind]
