"""The documentation says what is so."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from fellesjournal.config.cli import COMMANDS
from fellesjournal.config.environment import Environment

PROJECT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    page
    for page in [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]
    if "node_modules" not in page.parts
)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
NAMED_TEST = re.compile(r"`(tests/[\w/.]+)`")
NAMED_FILE = re.compile(r"`((?:src|bench|tools|docs)/[\w/.-]+|[\w/]+\.(?:py|sql))`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_inside_the_project_lead_somewhere(page: Path) -> None:
    broken = [
        target for target in LINK.findall(page.read_text()) if not (page.parent / target).exists()
    ]

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_files_and_tests_that_pages_name_exist(page: Path) -> None:
    text = page.read_text()
    package = PROJECT / "src" / "fellesjournal"
    missing = [name for name in NAMED_TEST.findall(text) if not (PROJECT / name).exists()]
    missing += [
        name
        for name in NAMED_FILE.findall(text)
        if "*" not in name
        and not (PROJECT / name).exists()
        and not (package / name).exists()
        and not list(package.rglob(name))
        and not (PROJECT / "tests" / name).exists()
    ]

    assert missing == []


def test_pages_that_the_program_names_exist() -> None:
    named = {
        name
        for source in (PROJECT / "src").rglob("*.py")
        for name in re.findall(r"docs/[\w/.-]+\.md", source.read_text(encoding="utf-8"))
    }

    assert len(named) > 3
    assert sorted(name for name in named if not (PROJECT / name).exists()) == []


def test_each_setting_stands_in_the_operators_table() -> None:
    listed = (PROJECT / "docs" / "operators.md").read_text()
    documented = set(
        re.findall(
            r"^\s+((?:FELLESJOURNAL_|DATABASE_)\w+)\s", Environment.__doc__ or "", re.MULTILINE
        )
    )

    assert len(documented) >= len(dataclasses.fields(Environment)) - 1
    assert sorted(name for name in documented if f"`{name}`" not in listed) == []


def test_each_command_is_documented() -> None:
    pages = "".join(page.read_text() for page in PAGES)

    assert [name for name in COMMANDS if f"fellesjournal {name}" not in pages] == []


def test_each_promise_has_its_row() -> None:
    rows = (PROJECT / "docs" / "mission.md").read_text()
    sizes = dict(zip("ABCDEFGHIJKLM", (6, 6, 6, 5, 2, 11, 7, 7, 3, 5, 6, 3, 6), strict=True))
    told: set[str] = set()
    for cell in re.findall(r"^\| ([A-M]\d[^|]*?) \|", rows, re.MULTILINE):
        for part in cell.split(","):
            first, _, last = part.strip().partition("–")
            letter, start = first[0], int(first[1:])
            told.update(f"{letter}{n}" for n in range(start, int(last[1:] if last else start) + 1))

    assert told == {f"{letter}{n}" for letter, size in sizes.items() for n in range(1, size + 1)}


def test_decisions_are_numbered_without_gap_and_have_a_status() -> None:
    decisions = sorted((PROJECT / "docs" / "decisions").glob("*.md"))

    assert [int(page.name[:4]) for page in decisions] == list(range(1, len(decisions) + 1))
    assert [page.name for page in decisions if "**Status:**" not in page.read_text()] == []


def test_pages_speak_of_the_project_alone() -> None:
    """No machine, no path of anybody's, no host of a package index."""
    forbidden = re.compile(r"/work/|/root/|/home/\w+/|\.\./shared|127\.0\.0\.1:3\d{3}")
    assert [page.name for page in PAGES if forbidden.search(page.read_text())] == []


def test_unverified_facts_are_counted_and_may_only_become_fewer() -> None:
    marks = sum(file.read_text().count("UNVERIFIED:") for file in (PROJECT / "src").rglob("*.py"))

    assert marks <= 17
