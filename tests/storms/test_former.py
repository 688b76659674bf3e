"""A home whose rows are in PostgreSQL 16 comes over to 18 by `./sen upgrade`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from sen.config import embedded, postgresql_place, postgresql_process
from sen.config.backups import database, moving
from sen.config.console import Console
from sen.config.home import CannotStart, claim
from sen.config.postgresql_database import ensure
from tests.storms.installation import Installation

pytestmark = pytest.mark.storm

FORMER = 16


@pytest.fixture
def demo() -> Iterator[Installation]:
    installation = Installation()
    try:
        yield installation
    finally:
        installation.end()


def laid_down(demo: Installation) -> dict[str, int]:
    """Make a home as a former version of Sen would have: migrated, with rows, in 16."""
    home = claim(demo.home)
    present = postgresql_place.prepare(home)
    former = home / f"postgresql-{FORMER}"
    folder = present.data.parent if os.geteuid() else present.data.parent.with_name("former-16")
    if os.geteuid() == 0:
        folder = folder.with_name(f"{present.data.parent.name}-former")
        folder.mkdir()
        former.symlink_to(folder)
    else:
        former.mkdir()
        folder = former
    place = replace(
        present,
        data=folder / "data",
        binaries=postgresql_place.binaries_for(present, FORMER),
    )
    new = folder / "data"
    new.mkdir(mode=0o700)
    os.chown(new, place.user.uid, place.user.gid)
    postgresql_process.as_user(
        place,
        [str(place.binaries / "initdb"), "-D", str(new), "-U", "postgres", "--encoding=UTF8",
         "--locale=C", "--auth-local=peer", "--auth-host=reject"],
    )  # fmt: skip
    with moving._serving(home, former, FORMER) as url:
        superuser = url.replace(f"/{embedded.DATABASE}?", "/postgres?")
        ensure(superuser, owner_password="x", app_password="y")
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in (
                "CREATE TABLE thing (id uuid PRIMARY KEY, name text NOT NULL)",
                (
                    "INSERT INTO thing SELECT gen_random_uuid(), 'Đặng ' || n"
                    " FROM generate_series(1, 5000) n"
                ),
                "CREATE TABLE closed (id int)",
                "INSERT INTO closed VALUES (1), (2)",
                "GRANT SELECT ON thing TO sen_app",
                "ALTER TABLE thing OWNER TO sen_owner",
                "ALTER TABLE closed OWNER TO sen_owner",
                "ALTER TABLE closed ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE closed FORCE ROW LEVEL SECURITY",
                (
                    "CREATE POLICY sen_actor ON closed"
                    " USING (current_setting('sen.system', true) = 'on')"
                ),
            ):
                connection.execute(statement)
        counts = database.counts_of(url)
    shutil.rmtree(present.data.parent / "data", ignore_errors=True)
    return counts


def test_rows_of_a_former_version_are_moved_and_its_folder_stays_until_told(demo):
    before = laid_down(demo)
    former = demo.home / f"postgresql-{FORMER}"
    assert before == {"thing": 5000, "closed": 2}
    with pytest.raises(CannotStart, match="sen upgrade"):
        embedded.ensure_running(demo.home)
    with pytest.raises(CannotStart, match="not moved yet"):
        moving.remove_former(demo.home, Console())

    assert moving.move(demo.home, Console()) is True
    assert moving.move(demo.home, Console()) is False

    with embedded.running(demo.home) as cluster:
        assert cluster.server_version // 10_000 == postgresql_place.MAJOR
        assert database.counts_of(cluster.owner_url) == before
        [rights] = demo.rows(
            "SELECT has_table_privilege('sen_app', 'thing', 'SELECT'),"
            " has_table_privilege('sen_app', 'thing', 'INSERT'),"
            " has_table_privilege('sen_app', 'closed', 'SELECT'),"
            " pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'thing'"
        )
        assert rights == (True, False, False, "sen_owner")
        assert demo.rows("SELECT count(*) FROM thing WHERE name ~ 'Đặng'") == [(5000,)]
    assert (former / "data" / "PG_VERSION").read_text().strip() == str(FORMER)
    moving.remove_former(demo.home, Console())
    assert not former.exists()
    with embedded.running(demo.home) as cluster:
        assert database.counts_of(cluster.owner_url) == before


def test_version_that_the_package_does_not_bring_is_said(demo):
    present = postgresql_place.prepare(claim(demo.home))

    with pytest.raises(CannotStart, match="brings no PostgreSQL 12"):
        postgresql_place.binaries_for(present, 12)
    assert Path(present.binaries).name == "bin"
