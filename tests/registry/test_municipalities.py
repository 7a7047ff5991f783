"""The municipalities of the region."""

from __future__ import annotations

import csv
from pathlib import Path

from fellesjournal.registry.municipalities import municipalities


def test_there_are_38_in_trondelag_27_in_more_og_romsdal_and_bindal() -> None:
    counties = [place.county for place in municipalities().values()]
    assert (counties.count("Trøndelag"), counties.count("Møre og Romsdal")) == (38, 27)
    assert municipalities()["1811"].norwegian == "Bindal"


def test_sami_names_keep_the_official_order() -> None:
    assert municipalities()["5025"].name == "Røros – Rosse"
    assert municipalities()["5041"].name == "Snåase – Snåsa"
    assert municipalities()["5014"].name == "Frøya"


def test_the_divided_municipality_is_gone_and_its_successors_are_there() -> None:
    assert "1507" not in municipalities()
    assert {municipalities()[number].norwegian for number in ("1508", "1580")} == {
        "Ålesund",
        "Haram",
    }


def test_numbers_and_regions_agree_with_the_national_list(shared_data: Path) -> None:
    source = shared_data / "norway/geography/kommuner_trondelag_more_og_romsdal.csv"
    rows = list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))
    assert [row["kommunenummer"] for row in rows] == list(municipalities())
    for row in rows:
        place = municipalities()[row["kommunenummer"]]
        assert place.norwegian in row["kommunenavn"]
        assert place.sami in row["kommunenavn"]
        assert row["kommuneregion"].removeprefix("ROR/") == place.region
