"""Takes the pictures of the documentation from a demo region of its own.

.venv/bin/python -m tools.screenshots [CHROMIUM]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from bench.instance import command, running
from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"


def main() -> None:
    """Invent a small region, sign in, and take each picture."""
    chromium = sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder) / "data"
        command(data, "demo", "--citizens", "60", "--until", "2026-11-20")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        # Signing in through the stand-in is for demonstrations only.
        with running(data, FELLESJOURNAL_DEMO="1") as instance:
            for name, width, height in (("chart", 1280, 1000), ("chart-phone", 360, 780)):
                page = browser.new_page(viewport={"width": width, "height": height}, locale="nb-NO")
                page.goto(instance.url("/"))
                page.get_by_role("link", name="Helsepersonell").click()
                page.get_by_role("button", name="Ragna Lyngbakk").click()
                page.wait_for_url("**/patients/")
                page.goto(instance.url("/patients/cast-aslaug/"))
                page.screenshot(path=IMAGES / f"{name}.png")
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
