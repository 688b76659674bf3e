"""The manifests of this installation: found, checked, handed to the packages that read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule

from sen.kernel.access import public as access
from sen.kernel.database import public as database
from sen.kernel.events import public as events
from sen.kernel.figures import public as figures
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.kernel.keeping import public as keeping
from sen.kernel.legal import public as legal
from sen.kernel.manifest import data, rules
from sen.kernel.notifications import public as notifications
from sen.kernel.papers import public as papers
from sen.kernel.search import public as search
from sen.kernel.workflow import public as workflow

_manifests: list[data.Manifest] = []


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of the manifest: what it takes, and who is handed it (None: read from here)."""

    name: str
    takes: type
    give: Callable[..., None] | None = None


SLOTS = (
    Slot("menu", data.MenuItem),
    Slot("permissions", access.Permission, access.register_permissions),
    Slot("roles", access.RoleTemplate, access.register_roles),
    Slot("acts", workflow.Act, workflow.register_acts),
    Slot("handlers", events.Handler, events.register_handlers),
    Slot("figures", figures.Figure, figures.register_figures),
    Slot("search", search.SearchSource, search.register_sources),
    Slot("search_trials", search.Trial, search.register_trials),
    Slot("prefill", forms.PrefillSource, forms.register_prefill),
    Slot("file_owners", files.FileOwner, files.register_owners),
    Slot("notification_templates", notifications.Template, notifications.register_templates),
    Slot("paper_templates", papers.PaperTemplate, papers.register_templates),
    Slot("channels", data.IntakeChannel),
    Slot("datasets", data.Dataset),
    Slot("exchange", data.ExchangeService),
    Slot("personal_data", data.LedgerLine),
    Slot("retention", keeping.Retention, keeping.register_rules),
    Slot("value_uses", legal.ValueUse, legal.register_uses),
    Slot("health", data.HealthCheck),
    Slot("measures", data.Measure),
    Slot("alarms", data.Alarm),
    Slot("invariants", database.Invariant, database.register_invariants),
    Slot("seed", data.Seed),
    Slot("imports", data.FileImport),
    Slot("first_run", data.FirstRunStep),
    Slot("help", data.HelpPage),
    Slot("names", data.Name),
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
    return set(access.permissions())


def load(found: Sequence[data.Manifest], known_permissions: Callable[[], set[str]]) -> None:
    """Check the manifests and hand every slot to the package that reads it.

    known_permissions: the names registered by then, of kernel packages as well.
    Raises ImproperlyConfigured naming each system and slot at fault.
    """
    types = {slot.name: slot.takes for slot in SLOTS}
    _refuse([problem for m in found for problem in rules.wrong_types(m, types)])
    _refuse(
        [
            *rules.duplicates(found, types),
            *(problem for m in found for problem in rules.foreign_codes(m)),
        ]
    )
    for slot in SLOTS:
        for manifest in found if slot.give is not None else ():
            _hand_over(manifest, slot)
    known = known_permissions()
    _refuse([problem for m in found for problem in rules.unknown_permissions(m, known)])
    _manifests[:] = found


def _hand_over(manifest: data.Manifest, slot: Slot) -> None:
    """Give a slot to its reader. Raises ImproperlyConfigured naming system and slot."""
    try:
        slot.give(*getattr(manifest, slot.name))  # type: ignore[misc]  # asked for above
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured(f"{manifest.code}: slot {slot.name}: {error}") from error


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        raise ImproperlyConfigured("\n".join(problems))


def manifests() -> tuple[data.Manifest, ...]:
    """Return every manifest, in the order of the installed applications."""
    return tuple(_manifests)
