"""Keys and files of each test's own; a leader, a clerk and a prepared paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from sen.base.actor import SYSTEM, Actor
from sen.kernel.files import public as files
from sen.kernel.legal import public as legal
from sen.kernel.signing import public as signing
from sen.kernel.signing.tests import factories
from sen.kernel.signing.tests.factories import AT


@pytest.fixture(autouse=True)
def own_places(settings, tmp_path: Path) -> None:
    """Keep keys and files in the test's own folder, and forget what the process remembers."""
    settings.SIGNING_HOME = tmp_path / "keys"
    settings.FILES_ROOT = tmp_path / "files"
    legal.forget()


@pytest.fixture
def unit(db):
    return factories.unit()


@pytest.fixture
def leader(unit) -> Actor:
    """A leader with a certificate."""
    made = factories.position(unit, "chair")
    signing.ensure_certificate(
        holder_kind="person",
        holder_id=made.person,
        name="Nguyễn Văn An",
        unit_name="UBND phường Trường Vinh",
        at=AT,
    )
    return made


@pytest.fixture
def clerk(unit) -> Actor:
    """A clerk who holds the unit's seal."""
    signing.ensure_certificate(
        holder_kind="unit",
        holder_id=unit.id,
        name="Ủy ban nhân dân phường Trường Vinh",
        unit_name="Tỉnh Nghệ An",
        at=AT,
    )
    return factories.position(unit, "clerk", signing.USE_SEAL)


@pytest.fixture
def paper(db) -> files.File:
    """A prepared paper in the store."""
    data = signing.prepare(factories.typeset())
    return files.store(SYSTEM, name="thong-bao.pdf", data=data, media_type="application/pdf")
