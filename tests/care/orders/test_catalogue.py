"""What can be ordered is coded as the national edition codes it."""

from __future__ import annotations

import csv
from pathlib import Path

from fellesjournal.care.orders.catalogue import MATERIALS, analyses, panels

EDITION = "norway/codes/norsk_laboratoriekodeverk_7280.61.csv"


def test_every_analysis_stands_in_the_edition_as_it_is_shipped(shared_data: Path) -> None:
    with (shared_data / EDITION).open(encoding="utf-8-sig", newline="") as file:
        edition = {row["Kode"]: row for row in csv.DictReader(file, delimiter=";")}
    for code, analysis in analyses().items():
        row = edition[code]
        assert not row["Ugyldig i NLK fra"], f"{code} is replaced by {row['Erstattes av']}"
        # NLK has no name in use for some (estimated GFR); then the name is ours
        assert row["Norsk_bruksnavn"] in {analysis.name, ""}
        assert (row["Komponent"], row["System"], row["Enhet"]) == (
            analysis.component,
            analysis.system,
            analysis.unit,
        )


def test_panels_hold_known_analyses_once_and_have_titles_in_three_languages() -> None:
    for panel in panels():
        assert set(panel.titles) == {"en", "nb", "nn"}
        codes = [each.nlk for each in panel.analyses]
        assert len(codes) == len(set(codes))
        assert set(codes) <= set(analyses())


def test_every_analysis_is_made_of_a_known_material() -> None:
    assert {each.material for each in analyses().values()} <= set(MATERIALS)
