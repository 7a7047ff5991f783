"""A browser against a whole platform: the demo region, and a patient from another system.

Browser and platform live as long as tests of this folder run in a row: playwright keeps an
event loop in the thread, and Django refuses its database to a thread with one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from fellesjournal.foundation.database.embedded import EmbeddedPostgres
from tests.e2e.due_now import paracetamol, planned
from tests.running import Platform, need_not_last

FOREIGN = Path(__file__).parent / "foreign_bundle.json"
CITIZENS = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


def _chromium() -> str | None:
    named = os.environ.get("FELLESJOURNAL_CHROMIUM")
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    found = [shutil.which(name) for name in names]
    return named or next((path for path in found if path), None)


_ON_DISK = ["--disable-dev-shm-usage"]
"""Has Chromium share memory by files: asked for by playwright because small containers lack another way."""


def _has_memory() -> bool:
    """Whether processes can share memory without files."""
    try:
        found = os.statvfs("/dev/shm")
    except OSError:
        return False
    return found.f_bavail * found.f_frsize > 2**30


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    path = _chromium()
    if path is None:
        message = "no Chromium: set FELLESJOURNAL_CHROMIUM or install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as browsers:
        # Chromium has no sandbox for root, as in containers.
        flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        launched = browsers.chromium.launch(
            executable_path=path, args=flags, ignore_default_args=_ON_DISK if _has_memory() else []
        )
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def platform() -> Iterator[Platform]:
    """A running platform with a small demo region and the foreign patient loaded beside it."""
    folder = Path(tempfile.mkdtemp(prefix="fj-e2e-"))
    with Platform(folder / "data", citizens=CITIZENS) as running:
        rejects = folder / "rejects.ndjson"
        loaded = running.command("load", str(FOREIGN), "--rejects", str(rejects))
        assert loaded.returncode == 0, loaded.stdout + loaded.stderr
        need_not_last(EmbeddedPostgres(running.data))
        yield running
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=[1280], ids=lambda width: f"{width}px")
def width(request: pytest.FixtureRequest) -> int:
    """How wide the window is; specs may ask for more widths."""
    return int(request.param)


@pytest.fixture
def context(browser: Browser, platform: Platform, width: int) -> Iterator[BrowserContext]:
    """A fresh browser profile, Norwegian, on the platform's address."""
    fresh = browser.new_context(
        base_url=platform.url, viewport={"width": width, "height": 900}, locale="nb-NO"
    )
    yield fresh
    fresh.close()


Open = Callable[[int], Page]
"""A page in a browser of its own, so wide."""


@pytest.fixture
def open_page(browser: Browser, platform: Platform) -> Iterator[Open]:
    """Pages in browsers of their own, as people have them; closed at the end."""
    contexts = []

    def open_one(width: int) -> Page:
        own = browser.new_context(
            base_url=platform.url, viewport={"width": width, "height": 800}, locale="nb-NO"
        )
        contexts.append(own)
        return own.new_page()

    yield open_one
    for own in contexts:
        own.close()


@pytest.fixture
def phone(open_page: Open) -> Page:
    """Somebody's own telephone."""
    return open_page(360)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when the console shows an error or a refused policy."""
    opened = context.new_page()
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            problems.append(f"{message.text} {message.location.get('url', '')}")

    opened.on("console", note)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    assert problems == []


@pytest.fixture
def browser_without_scripts(browser: Browser, platform: Platform) -> Iterator[Page]:
    """A page in a browser that runs no scripts."""
    context = browser.new_context(base_url=platform.url, java_script_enabled=False)
    yield context.new_page()
    context.close()


__all__ = ["paracetamol", "planned"]
