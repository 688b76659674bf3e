"""What the pages and the wiring read from the manifests."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.urls import URLPattern, URLResolver, include, path
from django.utils import translation
from django.utils.module_loading import import_string

from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.kernel.manifest import registry
from sen.kernel.manifest.choices import Audience
from sen.kernel.manifest.data import (
    FileImport,
    FirstRunStep,
    IntakeChannel,
    MenuEntry,
    MenuItem,
    Seed,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
    from ninja import Router


def menu(actor: Actor, language: str | None = None, *, under: str = "") -> tuple[MenuEntry, ...]:
    """Return the menu of an actor, sorted, in the given language (else the active one).

    under: the page whose parts are asked for, whichever systems they belong to; empty for the menu
    itself. An item with a permission is shown to whoever holds it in any unit; the page itself
    decides.
    """
    held = access.rights(actor).permissions if actor.account else frozenset()
    mine = Audience.OFFICIAL if actor.is_official else Audience.CITIZEN
    shown: list[tuple[int, str, MenuItem]] = [
        (item.order, manifest.code, item)
        for manifest in registry.manifests()
        for item in manifest.menu
        if item.under == under
        and item.audience in {mine, Audience.ALL}
        and (item.permission is None or item.permission in held)
    ]
    shown.sort(key=lambda entry: entry[0])
    with translation.override(language or translation.get_language()):
        return tuple(
            MenuEntry(
                system=code,
                title=str(item.title),
                url_name=item.url_name,
                icon=item.icon,
                is_start=item.is_start,
            )
            for _, code, item in shown
        )


def start(actor: Actor) -> str | None:
    """Return the named address at which an actor begins, None where no system asks for one."""
    return next((entry.url_name for entry in menu(actor) if entry.is_start), None)


def url_patterns() -> list[URLPattern | URLResolver]:
    """Return the addresses of every system; each URLconf holds whole paths and its `app_name`."""
    return [
        path("", include(import_module(manifest.urls)))
        for manifest in registry.manifests()
        if manifest.urls is not None
    ]


def routers() -> list[tuple[str, Router]]:
    """Return (system code, router) of every system with an API; paths in a router are whole."""
    return [
        (manifest.code, import_string(manifest.api.replace(":", ".")))
        for manifest in registry.manifests()
        if manifest.api is not None
    ]


def channel(code: str) -> IntakeChannel | None:
    """Return the intake channel of a code, None where no system registered it."""
    found = (one for manifest in registry.manifests() for one in manifest.channels)
    return next((one for one in found if one.code == code), None)


def file_imports() -> dict[str, FileImport]:
    """Return the kinds of files that can be brought in, by the word that names them."""
    return {one.code: one for manifest in registry.manifests() for one in manifest.imports}


def seeds() -> tuple[Seed, ...]:
    """Return the seeds of all systems in the order in which they run."""
    found = [seed for manifest in registry.manifests() for seed in manifest.seed]
    return tuple(sorted(found, key=lambda seed: seed.order))


def first_run_steps() -> tuple[FirstRunStep, ...]:
    """Return the steps of a first run of all systems, in the order in which they are done."""
    found = [step for manifest in registry.manifests() for step in manifest.first_run]
    return tuple(sorted(found, key=lambda step: step.order))


def names() -> dict[str, StrOrPromise]:
    """Return what people call the codes that Sen uses, by the code."""
    return {one.code: one.title for manifest in registry.manifests() for one in manifest.names}
