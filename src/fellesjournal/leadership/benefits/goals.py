"""The goals that benefits serve, as the source has published them, and how those of the two sectors
fit together.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop

GOALS: Mapping[str, tuple[str, ...]] = {
    "municipal": (
        "Innbyggerinvolvering", "Logistikk", "Legemiddelhåndtering", "Digital hjemmeoppfølging",
        "Brukervennlighet", "Styringsinformasjon", "Forskning", "Samhandling",
    ),
    "specialist": (
        "Pasientmedvirkning", "Brukervennlighet", "Legemiddelhåndtering",
        "Digital hjemmeoppfølging", "Forskning", "Styringsinformasjon",
        "Samhandling og pasientlogistikk", "Kvalitetsregistre",
    ),
}  # fmt: skip
"""The benefit goals by sector, as published in "Gevinstrealisering i Helseplattformen", Molde,
2 September 2022.
"""
SAME_GOAL = (
    ("Innbyggerinvolvering", "Pasientmedvirkning"),
    ("Logistikk", "Samhandling og pasientlogistikk"),
    ("Samhandling", "Samhandling og pasientlogistikk"),
)
"""Goals of the two sectors that mean the same under different titles."""

HEADLINES = (
    gettext_noop("Better usability for staff"),
    gettext_noop("More satisfied residents and patients"),
    gettext_noop("Better interaction between specialist and municipal services"),
)
"""The three headline benefits, of the same source."""

ALL_GOALS = tuple(dict.fromkeys((*GOALS["municipal"], *GOALS["specialist"])))
"""Every title once, municipal first."""


def counterparts(title: str) -> tuple[str, ...]:
    """What the other sector calls a goal of one sector; its own title when that is the same, nothing
    when the other has none.
    """
    if all(title in titles for titles in GOALS.values()):
        return (title,)
    return tuple(
        other
        for pair in SAME_GOAL
        for one, other in (pair, pair[::-1])
        if one == title
    )  # fmt: skip


__all__ = ["ALL_GOALS", "GOALS", "HEADLINES", "SAME_GOAL", "counterparts"]
