"""The golden journey as it is told: one picture for each scene, with a few words.

Pictures are made by ``make journey`` (FELLESJOURNAL_JOURNEY names their folder); otherwise a scene
is a mark in the test and nothing more.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

_INTRODUCTION = (
    "One story, played in separate browsers on the demo region by a test that runs on every"
    " change. All people are invented.\n"
)


@dataclass
class Story:
    """What happened, in order."""

    folder: Path | None = field(
        default_factory=lambda: (
            Path(os.environ["FELLESJOURNAL_JOURNEY"])
            if "FELLESJOURNAL_JOURNEY" in os.environ
            else None
        )
    )
    told: list[tuple[str, str, str]] = field(default_factory=list)
    chapter: str = ""

    def begin(self, chapter: str) -> None:
        """A new chapter."""
        self.chapter = chapter

    def scene(self, page: Page, who: str, words: str) -> None:
        """What stands on somebody's screen now."""
        name = f"{len(self.told) + 1:02}.jpg"
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            page.wait_for_load_state()
            page.screenshot(path=self.folder / name, type="jpeg", quality=70)
        self.told.append((self.chapter, name, f"**{who}.** {words}"))

    def write(self) -> None:
        """docs/journey.md, beside which the pictures lie."""
        if self.folder is None:
            return
        lines = [
            "# The golden journey\n",
            "<!-- Made by `make journey` from tests/e2e/specs/test_journey.py. -->\n",
            _INTRODUCTION,
        ]
        chapter = ""
        for title, name, words in self.told:
            if title != chapter:
                lines.append(f"## {title}\n")
                chapter = title
            lines.append(f"{words}\n\n![](images/{self.folder.name}/{name})\n")
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder.parent.parent / "journey.md").write_text("\n".join(lines), encoding="utf-8")


__all__ = ["Story"]
