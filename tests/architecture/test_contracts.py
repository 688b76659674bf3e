"""Each import contract catches a breach planted into a small tree of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]
PARTS, KERNEL, SYSTEMS, IN_SYSTEM, IN_KERNEL, DOOR, PLAIN, SETTINGS = (
    contract["name"] for contract in CONTRACTS
)
MODULES = ("choices", "data", "rules", "models", "queries", "services", "public")
PAGES = ("forms", "views", "urls", "manifest")
ORDER = [
    name.strip()
    for layer in CONTRACTS[1]["layers"]
    for name in layer.split("|")
]  # fmt: skip

BREACHES = [
    ("base reaches up", "base/clock.py", "import sen.kernel.jobs.public", PARTS),
    ("web names a system", "web/frame.py", "import sen.systems.inbox.public", PARTS),
    ("a new top package", "portal/__init__.py", "", PARTS),
    ("the kernel upside down", "kernel/jobs/services.py", "import sen.kernel.access.public", KERNEL),
    ("a new kernel package", "kernel/wallet/__init__.py", "", KERNEL),
    (
        "an undeclared edge between systems",
        "systems/inbox/services.py",
        "import sen.systems.results.public",
        SYSTEMS,
    ),
    (
        "an edge hidden in a function",
        "systems/inbox/services.py",
        "def f():\n    from sen.systems.results import public",
        SYSTEMS,
    ),
    ("a model calls a service", "systems/inbox/models.py", "import sen.systems.inbox.services", IN_SYSTEM),
    ("a service knows a form", "systems/inbox/services.py", "import sen.systems.inbox.forms", IN_SYSTEM),
    ("a stray module in a system", "systems/inbox/utils.py", "", IN_SYSTEM),
    ("a query writes", "kernel/audit/queries.py", "import sen.kernel.audit.services", IN_KERNEL),
    ("a page in the kernel", "kernel/audit/views.py", "", IN_KERNEL),
    ("past a system's door", "systems/public_services/services.py", "import sen.systems.results.models", DOOR),
    ("past a kernel package's door", "systems/inbox/services.py", "import sen.kernel.audit.models", DOOR),
    ("a test past another's door", "systems/inbox/tests/test_a.py", "import sen.kernel.audit.tests.test_a", DOOR),
    ("Django in the law", "systems/inbox/rules.py", "import django.utils.timezone", PLAIN),
    ("Django in base", "base/clock.py", "import django.conf", PLAIN),
    ("settings read directly", "systems/inbox/services.py", "import sen.config.settings", SETTINGS),
]  # fmt: skip


def write(path: Path, text: str = "") -> None:
    """Add lines to a module, making it and its packages."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in (path.parent, *path.parent.parents):
        if folder.name == "src":
            break
        (folder / "__init__.py").touch()
    with path.open("a", encoding="utf-8") as file:
        file.write(text + "\n")


@pytest.fixture
def small_tree(tmp_path: Path) -> Path:
    """A tree with the house's layout, the real contracts, and nothing wrong."""
    sen = tmp_path / "src" / "sen"
    for package in [f"kernel/{name}" for name in ORDER]:
        for module in MODULES:
            write(sen / package / f"{module}.py")
        write(sen / package / "tests" / "test_a.py")
    systems = ("inbox", "operations", "public_services", "registries", "results")
    for package in [f"systems/{name}" for name in systems]:
        for module in MODULES + PAGES:
            write(sen / package / f"{module}.py")
        write(sen / package / "tests" / "test_a.py")
    write(
        sen / "systems/public_services/services.py",
        "import sen.systems.registries.public\nimport sen.systems.results.public",
    )
    write(sen / "systems/operations/queries.py", "import sen.systems.public_services.public")
    write(sen / "systems/inbox/services.py", "import sen.kernel.audit.public")
    for name in ("base/clock.py", "web/frame.py", "config/settings.py", "config/urls.py"):
        write(sen / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken(tree: Path) -> list[str]:
    """Return the names of the contracts that import-linter finds broken in a tree."""
    paths = [str(tree / "src"), str(ROOT)]
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tree, check=False, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "COLUMNS": "200", "NO_COLOR": "1"},
    )  # fmt: skip
    names = [
        contract["name"] for contract in CONTRACTS if f"{contract['name']} BROKEN" in run.stdout
    ]
    assert (run.returncode == 0) == (not names), run.stdout + run.stderr
    return names


def test_a_tree_without_breach_keeps_every_contract(small_tree):
    assert broken(small_tree) == []


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [breach[1:] for breach in BREACHES],
    ids=[breach[0] for breach in BREACHES],
)
def test_planted_breach_is_caught(small_tree, module, line, contract):
    write(small_tree / "src" / "sen" / module, line)

    assert contract in broken(small_tree)


def test_every_contract_has_a_breach():
    assert {breach[3] for breach in BREACHES} == {contract["name"] for contract in CONTRACTS}
