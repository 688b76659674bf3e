"""Every template compiles, so that a misspelt tag, component or argument fails here."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from django.template import engines

from sen.web.components import library
from tests.architecture.tree import ROOT, SOURCE

FAILURES = {"400", "403", "404", "409", "410", "413", "422", "429", "500", "503", "refused"}
TEMPLATES = sorted(
    path.as_posix().split("/templates/")[1] for path in SOURCE.rglob("templates/**/*.html")
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name):
    template = engines["django"].get_template(name)

    assert Path(template.origin.name).is_relative_to(SOURCE)


def test_templates_lie_in_a_folder_named_after_their_package():
    strays = [
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("templates/*.html")
        if path.stem not in FAILURES
    ]

    assert strays == []


def test_the_formatter_knows_every_block_component():
    """Its indentation depends on it."""
    from sen.web.templatetags import catalogue

    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    blocks = {
        name
        for name, tag in {**library.register.tags, **catalogue.register.tags}.items()
        if is_block(tag)
    }

    assert set(told["tool"]["djangofmt"]["custom-blocks"]) == blocks


def is_block(tag) -> bool:
    """Return whether a tag was made by Django's simple_block_tag, wrapped or not."""
    cells = [cell.cell_contents for cell in tag.__closure__ or ()]
    return any(
        "simple_block_tag" in one.__code__.co_qualname
        for one in [tag, *cells]
        if hasattr(one, "__code__")
    )
