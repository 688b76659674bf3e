"""A browser and a server for the tests that need them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from sen.web import frame

CHROMIUM = os.environ.get("SEN_CHROMIUM") or shutil.which("chromium") or ""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open Debian's Chromium; without it the test is named as not run, and fails in CI.

    For a module only: as long as Playwright is open, its event loop runs in this thread, and
    nothing else that needs one can be tested.
    """
    if not CHROMIUM:
        said = "Chromium is missing (apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        # Playwright's event loop runs in this thread; Django's guard would take it for ours.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        yield opened
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        opened.close()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Serve the application without a database: the pages of the catalogue need none."""
    started = LiveServer("127.0.0.1")
    yield started.url
    started.stop()


@pytest.fixture
def narrow(browser: Browser, server: str) -> Iterator[Page]:
    """Open a page as wide as a small phone."""
    context = browser.new_context(
        base_url=server, viewport={"width": 360, "height": 740}, locale="vi-VN", has_touch=True
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def wide(browser: Browser, server: str) -> Iterator[Page]:
    """Open a page as wide as a desk's screen."""
    context = browser.new_context(
        base_url=server, viewport={"width": 1440, "height": 900}, locale="vi-VN"
    )
    yield context.new_page()
    context.close()


@pytest.fixture(autouse=True)
def a_visitors_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the frame of a visitor: these tests know no system whose addresses a provider names."""
    monkeypatch.setattr(frame, "_providers", [])
