"""What every source file keeps: letters, clocks, names, sizes, docstrings, no trace of a machine."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.architecture.sizes import BEYOND
from tests.architecture.tree import ROOT, SOURCE, files, modules, product, texts

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
CLOCK = "src/sen/base/clock.py"
DRAWERS = {"utils", "helpers", "common", "misc", "core"}
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")


# -- Letters


def test_every_text_is_nfc():
    decomposed = [name for name, text in texts() if not unicodedata.is_normalized("NFC", text)]

    assert decomposed == []


def test_every_path_is_nfc_and_portable():
    names = [path.relative_to(ROOT).as_posix() for path in files()]

    assert [name for name in names if not re.fullmatch(r"[\w./@+-]+", name, re.ASCII)] == []


# -- Clock


def clock_faults(tree: ast.Module) -> Iterator[str]:
    """Yield what asks a clock, or makes a date of a moment, past base.clock."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="date" | "today" | "utcnow"), args=[]):
                yield f"{node.lineno}: .{node.func.attr}()"
            case ast.Call(func=ast.Attribute(value=value, attr="now")) if ast.unparse(value) in {
                "datetime", "dt.datetime", "datetime.datetime", "timezone",
            }:  # fmt: skip
                yield f"{node.lineno}: {ast.unparse(value)}.now()"
            case ast.Name(id="TruncDate") | ast.Attribute(attr="TruncDate"):
                yield f"{node.lineno}: TruncDate"
            case ast.keyword(arg=str(name)) if "date" in name.split("__")[1:]:
                yield f"{node.value.lineno}: {name}="


def test_only_base_clock_reads_the_clock_and_makes_dates_of_moments():
    faults = {name: list(clock_faults(tree)) for name, tree in product() if name != CLOCK}

    assert {name: found for name, found in faults.items() if found} == {}


def test_clock_faults_are_seen():
    text = (
        "a.date()\ndt.datetime.now(tz)\ndt.date.today()\nTruncDate('x')\n"
        "rows.filter(at__date=day, at__date__gte=day, birth_date=day)\nclock.now()\nself.date(1)\n"
    )

    assert sorted(clock_faults(ast.parse(text))) == [
        "1: .date()", "2: dt.datetime.now()", "3: .today()", "4: TruncDate",
        "5: at__date=", "5: at__date__gte=",
    ]  # fmt: skip


# -- Names


def test_no_package_or_module_is_a_drawer():
    names = [path.relative_to(ROOT) for path in files() if path.suffix in {".py", ".html", ".js"}]
    drawers = [str(name) for name in names if DRAWERS & {*name.parts[:-1], name.stem}]

    assert drawers == []


def test_models_are_named_by_string_in_migrations_only():
    faults = [
        f"{name}:{node.lineno}"
        for name, tree in product()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "get_model"
    ]

    assert faults == []


# -- Comments


def test_a_todo_carries_its_issue_number():
    pattern = re.compile(r"\b(?:TODO|FIXME|XXX)\b(?!\(#\d+\))")
    here = PurePosixPath(__file__).name
    faults = [
        f"{name}:{number}"
        for name, text in texts()
        if name.endswith((".py", ".html", ".js", ".css", ".typ")) and not name.endswith(here)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]

    assert faults == []


# -- No trace of the machine it was written on


def test_lock_files_name_versions_and_hashes_but_no_host():
    locks = {name: (ROOT / name).read_text(encoding="utf-8") for name in LOCKS}

    assert {name: re.findall(r"\S*(?:://|--index|--find-links|file:)\S*", text) for name, text in locks.items()} == {
        name: [] for name in LOCKS
    }  # fmt: skip
    pins = [
        line.split(" ")[0]
        for text in locks.values()
        for block in re.split(r"\n(?=[a-z0-9])", text)
        for line in block.splitlines()[:1]
        if re.match(r"[a-z0-9]", line) and "==" in line and "--hash=sha256:" not in block
    ]
    assert pins == []


def test_no_path_of_a_machine_stands_in_the_tree():
    pattern = re.compile(r"(?<![\w.}])/(?:work|home|Users|root|opt)/\w")
    faults = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]

    assert faults == []


# -- Every package says what it is


def test_every_application_has_a_page_about_it():
    silent = [
        path.parent.relative_to(SOURCE).as_posix()
        for path in sorted(SOURCE.glob("*/*/apps.py"))
        if not (path.parent / "README.md").is_file()
    ]

    assert silent == []


KINDS = {"services", "queries", "rules", "events", "models", "public", "components", "views", "api"}


def kind_of(name: str) -> str:
    """Return which module of the house style a path is, '' if none that must be described."""
    path = PurePosixPath(name)
    parts = path.parts[2:]  # without src/sen
    if len(parts) < 3 or parts[0] not in {"systems", "kernel", "web", "base"}:
        return ""
    inside = parts[2] if parts[0] in {"systems", "kernel"} else parts[1]
    kind = inside.removesuffix(".py")
    return kind if kind in KINDS else ""


def test_what_carries_meaning_is_described():
    """Models, services, queries, rules, events and components each have a docstring."""
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in product()
        if kind_of(name)
        for node in tree.body
        if isinstance(node, (*FUNCTIONS, ast.ClassDef))
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]

    assert silent == []


def test_every_module_of_the_product_begins_with_what_it_is():
    silent = [
        name
        for name, tree in product()
        if ast.get_docstring(tree) is None and not name.endswith("/__init__.py")
    ]

    assert silent == []


# -- Sizes: house style 8


def sizes() -> Iterator[tuple[str, int, int]]:
    """Yield place, size and limit of everything that has a limit."""
    for name, tree, lines in modules():
        yield name, lines, 500
        if "tests/" in name:
            continue
        is_edge = kind_of(name) in {"views", "api"}
        for node in ast.walk(tree):
            if isinstance(node, FUNCTIONS):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                yield f"{name}::{node.name}", length, 30 if is_edge and is_public_view(node) else 60
            elif isinstance(node, ast.ClassDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                yield f"{name}::{node.name}", length, 300
    for name, text in texts():
        if name.endswith(".html"):
            yield name, text.count("\n"), 200


def is_public_view(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a function answers requests: public, its first parameter is the request."""
    first = node.args.args[0].arg if node.args.args else ""
    return not node.name.startswith("_") and first == "request"


def test_nothing_outgrows_its_limit_without_a_listed_reason():
    outgrown = {place: size for place, size, limit in sizes() if size > limit}

    assert {place: size for place, size in outgrown.items() if place not in BEYOND} == {}
    assert [place for place in BEYOND if place not in outgrown] == [], "reasons no longer needed"


MANY_MODELS = {
    "sen.systems.public_services": 23,  # one dossier's life; split, each half needs keys to the other
}
"""Systems that were asked whether they are two, and are not: how many models they may have."""


def test_a_system_has_at_most_fifteen_models():
    from django.apps import apps

    counts = {
        config.name: len(list(config.get_models()))
        for config in apps.get_app_configs()
        if config.name.startswith("sen.systems.")
    }

    assert {n: count for n, count in counts.items() if count > MANY_MODELS.get(n, 15)} == {}
