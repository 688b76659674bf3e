"""The checked list of acts that systems contribute."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.workflow.data import Act

_acts: dict[str, Act] = {}


def register_acts(*acts: Act) -> None:
    """Register acts. Raises ImproperlyConfigured for another type or a code taken twice."""
    for act in acts:
        if not isinstance(act, Act):
            raise ImproperlyConfigured(f"an act is an Act, not {type(act).__name__}")
        if not act.title.get("vi"):
            raise ImproperlyConfigured(f"act {act.code} needs a title in Vietnamese")
        if act.is_task and act.permission is None:
            raise ImproperlyConfigured(f"act {act.code} waits as a task and needs a right")
        if _acts.setdefault(act.code, act) != act:
            raise ImproperlyConfigured(f"two acts are called {act.code}")


def acts() -> Mapping[str, Act]:
    """Return every registered act by code."""
    return MappingProxyType(_acts)


def steps() -> Mapping[str, Act]:
    """Return by code the acts for which a step of a flow may wait."""
    return {code: one for code, one in _acts.items() if one.is_task}


def right(code: str) -> str:
    """Return the right that an act of a step needs. Raises ImproperlyConfigured without one."""
    permission = act(code).permission
    if permission is None:
        raise ImproperlyConfigured(f"act {code} needs no right, so no step waits for it")
    return permission


def counts(code: str) -> bool:
    """Tell whether the time of the law runs while a step waits for an act."""
    return act(code).after is None


def uncounted() -> list[str]:
    """Return the acts that come when the time of the law has ended (see `counts`)."""
    return [code for code, one in _acts.items() if one.after is not None]


def act(code: str) -> Act:
    """Return a registered act. Raises ImproperlyConfigured for an unknown code."""
    try:
        return _acts[code]
    except KeyError:
        raise ImproperlyConfigured(f"no act is called {code}") from None
