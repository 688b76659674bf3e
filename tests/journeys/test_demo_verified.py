"""A started demo holds every invariant: what its seeds laid down and what is lived in it since."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import cast
from tests.journeys.conftest import desk
from tests.storms.installation import Installation

pytestmark = pytest.mark.journey

COUNT = 60
WAITS = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"


@pytest.fixture(scope="module")
def living() -> Iterator[Installation]:
    """A demo with a small invented year in all its communes, laid down as it starts."""
    made = Installation(SEN_DEMO_DOSSIERS=str(COUNT))
    try:
        made.must_start()
        yield made
    finally:
        made.end()


def verified(living: Installation) -> list[str]:
    """Run `sen data verify` beside the running demo; return its lines, each of them fine."""
    done = living.run("django", "data", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert [line for line in lines if not line.startswith("ok  ")] == []
    return lines


def test_a_started_demo_passes_data_verify(living: Installation) -> None:
    assert living.rows("SELECT count(*) FROM public_services_dossier") == [(COUNT,)]
    lines = verified(living)
    assert sum("public_services." in line for line in lines) >= 20


def test_it_passes_still_after_an_official_received_what_waited(
    living: Installation, browser: Browser
) -> None:
    [(code,)] = living.rows(
        "SELECT d.code FROM public_services_dossier d JOIN organisations_unit u"
        " ON u.id = d.received_unit_id WHERE u.code = 'H41.9.11.1' AND d.state = 'submitted'"
        " ORDER BY d.id LIMIT 1"
    )
    page = desk(browser)
    cast.sign_in(page, living.address, cast.ONE_STOP)
    page.goto(f"{living.address}/ho-so/{code}/")
    cast.act(page, "Tiếp nhận hồ sơ")
    expect(page.locator("main")).to_contain_text("Đã tiếp nhận")
    deadline = time.monotonic() + 60
    while living.rows(WAITS) != [(0,)] and time.monotonic() < deadline:
        time.sleep(0.5)
    assert living.rows("SELECT state FROM public_services_dossier WHERE code = %s", code) != [
        ("submitted",)
    ]
    verified(living)
