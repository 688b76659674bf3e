"""The manifests of this installation: found, checked, handed to the packages that read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string, module_has_submodule

from sen.kernel.manifest import data, rules

_manifests: list[data.Manifest] = []


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of the manifest: what it takes, and who is handed it (None: read from here)."""

    name: str
    takes: str
    give: str | None = None


_HERE = "sen.kernel.manifest.data."
SLOTS = (
    Slot("menu", _HERE + "MenuItem"),
    Slot(
        "permissions",
        "sen.kernel.access.public.Permission",
        "sen.kernel.access.public.register_permissions",
    ),
    Slot(
        "roles", "sen.kernel.access.public.RoleTemplate", "sen.kernel.access.public.register_roles"
    ),
    Slot("acts", "sen.kernel.workflow.public.Act", "sen.kernel.workflow.public.register_acts"),
    Slot(
        "handlers", "sen.kernel.events.public.Handler", "sen.kernel.events.public.register_handlers"
    ),
    Slot(
        "figures", "sen.kernel.figures.public.Figure", "sen.kernel.figures.public.register_figures"
    ),
    Slot(
        "search",
        "sen.kernel.search.public.SearchSource",
        "sen.kernel.search.public.register_sources",
    ),
    Slot(
        "prefill",
        "sen.kernel.forms.public.PrefillSource",
        "sen.kernel.forms.public.register_prefill",
    ),
    Slot(
        "file_owners",
        "sen.kernel.files.public.FileOwner",
        "sen.kernel.files.public.register_owners",
    ),
    Slot(
        "notification_templates",
        "sen.kernel.notifications.public.Template",
        "sen.kernel.notifications.public.register_templates",
    ),
    Slot(
        "paper_templates",
        "sen.kernel.papers.public.PaperTemplate",
        "sen.kernel.papers.public.register_templates",
    ),
    Slot("channels", _HERE + "IntakeChannel"),
    Slot("datasets", _HERE + "Dataset"),
    Slot("exchange", _HERE + "ExchangeService"),
    Slot("personal_data", _HERE + "LedgerLine"),
    Slot("retention", _HERE + "Retention"),
    Slot("health", _HERE + "HealthCheck"),
    Slot("seed", _HERE + "Seed"),
    Slot("first_run", _HERE + "FirstRunStep"),
    Slot("help", _HERE + "HelpPage"),
)


def discover() -> list[data.Manifest]:
    """Return the manifest of every installed application that has one, in their order."""
    found = []
    for config in apps.get_app_configs():
        if config.module is None or not module_has_submodule(config.module, "manifest"):
            continue
        manifest = getattr(import_module(f"{config.name}.manifest"), "MANIFEST", None)
        if not isinstance(manifest, data.Manifest):
            raise ImproperlyConfigured(f"{config.name}.manifest has no MANIFEST")
        found.append(manifest)
    return found


def known_permissions() -> set[str]:
    """Return the names of every permission registered so far."""
    from sen.kernel.access import public as access

    return set(access.permissions())


def load(found: Sequence[data.Manifest], known_permissions: Callable[[], set[str]]) -> None:
    """Check the manifests and hand every slot to the package that reads it.

    known_permissions: the names registered by then, of kernel packages as well.
    Raises ImproperlyConfigured naming each system and slot at fault.
    """
    used = [slot for slot in SLOTS if any(getattr(manifest, slot.name) for manifest in found)]
    types: dict[str, Any] = {slot.name: import_string(slot.takes) for slot in used}
    _refuse([problem for m in found for problem in rules.wrong_types(m, types)])
    _refuse(
        [
            *rules.duplicates(found, [slot.name for slot in used]),
            *(problem for m in found for problem in rules.foreign_codes(m)),
        ]
    )
    for slot in used:
        if slot.give is not None:
            give = import_string(slot.give)
            for manifest in found:
                give(*getattr(manifest, slot.name))
    known = known_permissions() if found else set()
    _refuse([problem for m in found for problem in rules.unknown_permissions(m, known)])
    _manifests[:] = found


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        raise ImproperlyConfigured("\n".join(problems))


def manifests() -> tuple[data.Manifest, ...]:
    """Return every manifest, in the order of the installed applications."""
    return tuple(_manifests)
