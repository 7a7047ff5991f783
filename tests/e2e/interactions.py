"""Counting what a task costs its user: clicks, key chords, choices and unbroken text entries.

steps = Interactions(page)
steps.click(button)
steps.write(field, "words")
steps.chord("Control+Enter")
steps.hold("sign note")          # fails above the number in budgets.toml
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from playwright.sync_api import Locator, Page

BUDGETS = Path(__file__).parent / "budgets.toml"


class Interactions:
    """What somebody does on a page, counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def click(self, what: Locator) -> None:
        """One click or tap."""
        what.click()
        self.count += 1

    def chord(self, keys: str) -> None:
        """One key, or several pressed together."""
        self.page.keyboard.press(keys)
        self.count += 1

    def choose(self, what: Locator) -> None:
        """One choice in a list or among buttons."""
        what.check()
        self.count += 1

    def write(self, where: Locator, words: str) -> None:
        """One unbroken text entry."""
        where.fill(words)
        self.count += 1

    def hold(self, task: str) -> None:
        """Fail when the task took more than its budget."""
        budget = tomllib.loads(BUDGETS.read_text(encoding="utf-8"))["interactions"][task]
        assert self.count <= budget, f"{task}: {self.count} interactions, at most {budget}"
