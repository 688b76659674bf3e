"""The door of the manifests."""

from __future__ import annotations

from sen.kernel.manifest.choices import Audience, FiledBy
from sen.kernel.manifest.data import (
    Alarm,
    Dataset,
    ExchangeService,
    FileImport,
    Finding,
    FirstRunStep,
    HealthCheck,
    HelpPage,
    IntakeChannel,
    LedgerLine,
    Manifest,
    Measure,
    MenuEntry,
    MenuItem,
    Name,
    Say,
    Seed,
)
from sen.kernel.manifest.queries import (
    channel,
    file_imports,
    first_run_steps,
    menu,
    names,
    routers,
    seeds,
    start,
    url_patterns,
)
from sen.kernel.manifest.registry import manifests

__all__ = [
    "Alarm",
    "Audience",
    "Dataset",
    "ExchangeService",
    "FileImport",
    "FiledBy",
    "Finding",
    "FirstRunStep",
    "HealthCheck",
    "HelpPage",
    "IntakeChannel",
    "LedgerLine",
    "Manifest",
    "Measure",
    "MenuEntry",
    "MenuItem",
    "Name",
    "Say",
    "Seed",
    "channel",
    "file_imports",
    "first_run_steps",
    "manifests",
    "menu",
    "names",
    "routers",
    "seeds",
    "start",
    "url_patterns",
]
