"""The documentation is true where a program can tell: variables, commands, links, a clean build."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT, files, texts

VARIABLE = re.compile(
    r"(?:environ(?:\.get)?|told\.get|getenv|flag)[\[(]\s*\"(SEN_[A-Z_]+|DATABASE_URL)\""
)
INSIDE = {"SEN_SECRET_", "SEN_JOURNEYS_AT"}
"""A name put together, and one for those who write journeys."""


def test_every_environment_variable_is_described_and_no_other():
    asked = {
        name
        for path, text in texts()
        if path.endswith(".py") and path.startswith(("src/", "simulators/", "tools/"))
        if "/tests/" not in path
        for name in VARIABLE.findall(text)
    }
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    table = page.split("## Environment variables")[1].split("\n## ")[0]
    told = set(re.findall(r"`(SEN_[A-Z_]+|DATABASE_URL)`", table))

    assert asked - told - INSIDE == set()
    assert {name for name in told - asked if not name.startswith("SEN_SECRET_")} == set()


def test_every_command_is_described():
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    commands = [
        path.stem
        for path in files()
        if path.parent.name == "commands" and not path.name.startswith("_")
    ]

    assert [one for one in commands if f"./sen {one}" not in page and one != "seed_demo"] == []


def test_every_scope_of_the_api_is_described():
    page = (ROOT / "docs/integrators.md").read_text(encoding="utf-8")
    scopes = {
        scope
        for path, text in texts()
        if path.startswith("src/") and path.endswith(".py") and "/tests/" not in path
        for scope in re.findall(r"needs\(\"([a-z_]+:[a-z_]+)\"", text)
    }

    assert sorted(scope for scope in scopes if f"`{scope}`" not in page) == []


def test_links_between_pages_lead_somewhere():
    broken = [
        f"{name}: {target}"
        for name, text in texts()
        if name.endswith(".md")
        for target in re.findall(r"\]\(([^)#\s]+)[^)\s]*\)", text)
        if "://" not in target and not (ROOT / name).parent.joinpath(target).exists()
    ]

    assert broken == []


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "README.vi.md",
        "LICENSE",
        "NOTICE",
        "SECURITY.md",
        "CHANGELOG.md",
        "publiccode.yml",
    ],
)
def test_repository_says_what_it_is(name):
    assert (ROOT / name).stat().st_size > 500


def test_both_readmes_have_the_same_parts():
    shapes = [
        [
            len(mark)
            for mark in re.findall(r"^(#+) ", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        ]
        for name in ("README.md", "README.vi.md")
    ]

    assert shapes[0] == shapes[1]


def test_documentation_builds_without_a_warning(tmp_path):
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", "-d", tmp_path / "trees", "docs", tmp_path / "html"],
        cwd=ROOT, check=False, capture_output=True, text=True,
        env={name: text for name, text in os.environ.items() if name != "PYTHONPATH"},
    )  # fmt: skip

    assert (built.returncode, built.stdout + built.stderr) == (0, "")
