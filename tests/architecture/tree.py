"""What the architecture's tests read: the files of the repository, parsed."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "sen"
PLACES = ("src/sen", "simulators", "bench", "tools", "tests")
STATE = {
    ".git", ".venv", "var", "__pycache__", "node_modules", "_build", ".ruff_cache", ".mypy_cache",
    ".import_linter_cache", ".pytest_cache", ".hypothesis",
}  # fmt: skip
PLAIN = {
    ".cfg", ".css", ".csv", ".html", ".in", ".js", ".json", ".lock", ".md", ".po", ".py",
    ".svg", ".toml", ".txt", ".typ", ".yml", "",
}  # fmt: skip


@cache
def files() -> tuple[Path, ...]:
    """Return every file that is part of the repository, committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:  # an unpacked archive, without git
        found = [path for path in ROOT.rglob("*") if not STATE & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def texts() -> Iterator[tuple[str, str]]:
    """Yield path and text of every file that people write; vendored assets are none."""
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in PLAIN and "/vendor/" not in name and "/fonts/" not in name:
            yield name, path.read_text(encoding="utf-8")


@cache
def modules() -> tuple[tuple[str, ast.Module, int], ...]:
    """Return path, syntax tree and lines of every Python module except migrations."""
    found = []
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and "/migrations/" not in name:
            text = path.read_text(encoding="utf-8")
            found.append((name, ast.parse(text), text.count("\n")))
    return tuple(found)


def product() -> Iterator[tuple[str, ast.Module]]:
    """Yield the modules of src without their tests."""
    for name, tree, _lines in modules():
        if name.startswith("src/") and "/tests/" not in name:
            yield name, tree
