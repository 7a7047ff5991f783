"""The page that data protection officers read says what the rules say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fellesjournal.access import labels
from fellesjournal.access.labels import Label, label_of
from fellesjournal.access.policy import document, texts
from fellesjournal.access.policy.document import SPECIAL_CODES, access_page
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.policy.roles import ROLES, role_codes
from fellesjournal.fhir.definitions import RESOURCE_TYPES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "access.md"


def test_the_page_in_docs_is_what_the_rules_give() -> None:
    assert PAGE.read_text(encoding="utf-8") == access_page(), (
        "rules and page differ: run `python -m tools.access_page` and read what changed"
    )


def test_a_changed_rule_changes_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    before = access_page()
    monkeypatch.setattr(document, "ROLES", {"doctor": ROLES["doctor"]})

    assert access_page() != before


def test_the_page_names_every_role_code_ground_and_type() -> None:
    page = access_page()

    assert [code for code in role_codes() if f"`{code}`" not in page] == []
    assert [kind.title for kind in GroundKind if f"| {kind.title} |" not in page] == []
    assert [name for name in RESOURCE_TYPES if not re.search(rf"\b{name}\b", page)] == []


def test_every_table_has_as_many_cells_in_each_row() -> None:
    for table in re.findall(r"(?:^\|.*\|\n)+", access_page(), re.MULTILINE):
        rows = table.strip().split("\n")
        assert {row.count(" | ") for row in rows} == {rows[0].count(" | ")}, rows[0]


def test_grounds_and_labels_are_all_explained() -> None:
    assert set(texts.GROUND_SOURCES) == set(GroundKind)
    special = {label for label in Label if label & labels.SPECIAL}
    assert set(SPECIAL_CODES) == special
    visibility = {label for label in Label if label.name and label.name.startswith("NOR")}
    assert set(texts.VISIBILITY_MEANINGS) == visibility | {Label.UNKNOWN_VISIBILITY}


@pytest.mark.parametrize("label", SPECIAL_CODES)
def test_the_codes_the_page_tells_lead_to_the_label(label: Label) -> None:
    text = SPECIAL_CODES[label]
    systems = {"v3-ActCode": labels.ACT_CODE, "v3-Confidentiality": labels.CONFIDENTIALITY}
    told = [
        (systems[name], code)
        for name, codes in re.findall(r"(v3-\w+) ((?:[A-Z]+(?:, )?)+)", text)
        for code in codes.split(", ")
        if len(code) > 1
    ]

    assert all(label_of(system, code) == label for system, code in told)
    assert told or "`" in text or label == Label.RESTRICTED
