"""How long grounds last beside what a resource itself says: one table, each with its reason.

None of these lengths is given by statute, which asks for access "when needed" and no longer;
each is an assumption (configurable) until the data protection officer has decided.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days, and why it is so many."""

    days: int
    source: str


@dataclass(frozen=True, slots=True)
class Durations:
    """All lengths that :func:`..derive.grounds_of` uses. Replace one to configure it."""

    encounter_before: Days = Days(
        14, "assumption: a planned encounter is prepared for in the two weeks before"
    )
    encounter_after: Days = Days(
        30, "assumption: notes, letters and late results are written within a month"
    )
    encounter_without_end: Days = Days(
        30,
        "assumption: an outpatient encounter that nobody ends is over after a month;"
        " a stay, and an emergency contact, last until somebody ends them",
    )
    appointment_before: Days = Days(14, "assumption: an appointment is prepared for two weeks")
    appointment_after: Days = Days(
        14, "assumption: what was agreed or missed is followed up within two weeks"
    )
    service_before: Days = Days(
        14, "assumption: a granted service is planned from two weeks before it starts"
    )
    service_after: Days = Days(
        30, "assumption: documentation and handover are completed within a month"
    )
    death_after: Days = Days(
        365, "assumption: the list GP answers relatives and authorities for a year after a death"
    )

    def rows(self) -> list[tuple[str, Days]]:
        """Every setting by name, in order, for the page and for administrators."""
        return [(item.name, getattr(self, item.name)) for item in fields(self)]


DURATIONS = Durations()
