"""Each municipality has one square of the map, and no two share one."""

from __future__ import annotations

from fellesjournal.registry.municipalities import municipalities
from fellesjournal.registry.tiles import tiles


def test_each_municipality_has_one_square_of_its_own() -> None:
    assert set(tiles()) == set(municipalities())
    squares = [(each.column, each.row) for each in tiles().values()]
    assert len(squares) == len(set(squares)) == 66
    assert min(squares) >= (0, 0)


def test_neighbours_lie_as_they_do_and_short_names_begin_as_the_names() -> None:
    found = tiles()
    assert found["5035"].column > found["5031"].column > found["5001"].column  # eastwards
    assert found["5052"].row < found["5006"].row < found["5001"].row < found["1511"].row
    assert all(1 < len(each.short) <= 7 for each in found.values())
    for number, each in found.items():
        assert municipalities()[number].norwegian[0] == each.short[0], number
