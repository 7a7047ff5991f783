"""What a change of a medicine says: strength and dose, each where it is another."""

from __future__ import annotations

import pytest

from fellesjournal.care.medication.change_words import change_in_words
from fellesjournal.care.medication.formulary import ITEMS

MORNING, TWO = "1 tablett morgen hver dag", "2 tabletter morgen hver dag"


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (
            ("Kandesartan 8 mg tablett", MORNING),
            ("Kandesartan 16 mg tablett", MORNING),
            "Kandesartan: 8 mg → 16 mg, 1 tablett morgen hver dag",
        ),
        (
            ("Kandesartan 8 mg tablett", MORNING),
            ("Kandesartan 8 mg tablett", TWO),
            "Kandesartan 8 mg tablett: 1 tablett morgen hver dag → 2 tabletter morgen hver dag",
        ),
        (
            ("Kandesartan 8 mg tablett", TWO),
            ("Kandesartan 16 mg tablett", MORNING),
            ("Kandesartan: 8 mg, 2 tabletter morgen hver dag → 16 mg, 1 tablett morgen hver dag"),
        ),
        (
            ("Metoprolol 50 mg depottablett", MORNING),
            ("Metoprolol 100 mg depottablett", MORNING),
            "Metoprolol: 50 mg → 100 mg depottablett, 1 tablett morgen hver dag",
        ),
        (
            ("Paracet/kodein 500 mg/30 mg tablett", MORNING),
            ("Paracet/kodein 500 mg/60 mg tablett", MORNING),
            "Paracet/kodein: 500 mg/30 mg → 500 mg/60 mg, 1 tablett morgen hver dag",
        ),
        (
            ("Atacand 8 mg", MORNING),
            ("Kandesartan 8 mg tablett", MORNING),
            "Atacand 8 mg → Kandesartan 8 mg tablett, 1 tablett morgen hver dag",
        ),
        (
            ("Metoprolol 50 mg", MORNING),
            ("Metoprolol depot 50 mg", MORNING),
            "Metoprolol 50 mg → Metoprolol depot 50 mg, 1 tablett morgen hver dag",
        ),
        (
            ("Metoprolol 50 mg tablett", MORNING),
            ("Metoprolol 50 mg tablett", MORNING),
            "Metoprolol 50 mg tablett: 1 tablett morgen hver dag (styrke og dose som før)",
        ),
        (("Metoprolol", ""), ("Metoprolol", MORNING), f"Metoprolol: – → {MORNING}"),
    ],
)
def test_a_change_says_what_is_other_and_nothing_else(
    was: tuple[str, str], now: tuple[str, str], said: str
) -> None:
    assert str(change_in_words(was, now, "nb")) == said


def test_whatever_strength_takes_the_place_of_another_both_are_told_with_their_units() -> None:
    items = list(ITEMS.values())
    pairs = [(a, b) for a in items for b in items if a.name == b.name and a.strength != b.strength]
    assert pairs
    for was, now in pairs:
        said = change_in_words((was.label, MORNING), (now.label, MORNING), "nb")
        assert said.before.startswith(was.strength), str(said)
        assert said.after.startswith(now.strength), str(said)
        assert was.name in str(said)
