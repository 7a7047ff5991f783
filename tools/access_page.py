"""Writes docs/access.md from the rules of access: ``python -m tools.access_page``."""

from __future__ import annotations

from pathlib import Path

from fellesjournal.access.policy.document import access_page

PAGE = Path(__file__).resolve().parents[1] / "docs" / "access.md"


def main() -> None:
    """Write the page."""
    PAGE.write_text(access_page(), encoding="utf-8")
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
