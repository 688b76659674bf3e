"""A whole demo of its own for the journeys that use a browser: the real command, real sockets."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.storms.installation import Installation, rows

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
START_SECONDS = 240.0
REGISTRIES = (
    "SEN_POPULATION_URL", "SEN_CIVIL_STATUS_URL", "SEN_BIRTH_NOTES_URL", "SEN_ENTERPRISES_URL",
    "SEN_LAND_URL",
)  # fmt: skip
"""Off where people type and hand in papers; `test_registries.py` has them on."""


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the home of the demo; SEN_JOURNEYS_HOME names the one of a running demo."""
    running = os.environ.get("SEN_JOURNEYS_HOME")
    return Path(running) if running else tmp_path_factory.mktemp("demo") / "home"


@pytest.fixture(scope="session")
def demo(home: Path) -> Iterator[str]:
    """Start `./sen demo` in a home of its own and return its address; end it afterwards.

    It is a copy of one that was started from nothing, as the living demo's journey does.

    SEN_JOURNEYS_AT names a running demo to use instead, while writing journeys.
    """
    if os.environ.get("SEN_JOURNEYS_AT"):
        yield os.environ["SEN_JOURNEYS_AT"]
        return
    made = Installation(home, **dict.fromkeys(REGISTRIES, ""))
    try:
        made.must_start()
        yield made.state["address"]
    finally:
        made.end()


@pytest.fixture(autouse=True)
def codes_are_fresh(request: pytest.FixtureRequest) -> None:
    """Let no one-time code be used yet: who signed in a moment ago would wait for the next one.

    That each is good once is told by the tests of `account` and `identity`.
    """
    if "demo" in request.fixturenames and not os.environ.get("SEN_JOURNEYS_AT"):
        request.getfixturevalue("demo")
        home = request.getfixturevalue("home")
        rows(home, "UPDATE identity_account SET totp_counter = 0")


@pytest.fixture(autouse=True)
def pages_are_closed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Close what a journey has opened: pages that nobody looks at go on asking for news."""
    browser = request.getfixturevalue("browser") if "browser" in request.fixturenames else None
    yield
    for context in browser.contexts if browser else ():
        context.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return headless Chromium; without it the journey is named as not run, and fails in CI."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as tool:
        found = tool.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield found
        found.close()


def phone(browser: Browser, *, script: bool = True) -> Page:
    """Return a page on a phone, 390 px wide, in Vietnamese."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="vi-VN", java_script_enabled=script
    )
    return context.new_page()


def desk(browser: Browser, *, script: bool = True) -> Page:
    """Return a page on a desk, 1440 px wide, in Vietnamese."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="vi-VN", java_script_enabled=script
    )
    return context.new_page()
