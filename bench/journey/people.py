"""Who plays: the named people of the demo, each in a browser of her own."""

from __future__ import annotations

from functools import cached_property

from bench.journey.person import Person, Stage

PATIENTS = {
    "cast-aslaug": "14834447836",
    "cast-marit": "02887148239",
    "cast-sunniva": "11908804270",
    "cast-havard": "27828612994",
    "cast-thea": "18869542403",
}
"""Grown-up citizens of Trondheim, with their (synthetic) numbers: they sign in themselves."""


class Cast:
    """The people around one patient. They sign in when they are first needed."""

    def __init__(self, stage: Stage, patient: str, seed: str) -> None:
        self.stage, self.patient, self.seed = stage, patient, seed
        self._signed_in: list[Person] = []

    def _person(self, kind: str, who: str) -> Person:
        self._signed_in.append(Person(self.stage, kind, who, f"{self.seed} {who}"))
        return self._signed_in[-1]

    def hang_up(self) -> None:
        """Close all connections."""
        for person in self._signed_in:
            person.browser.hang_up()

    @property
    def number(self) -> str:
        """The patient's national number."""
        return PATIENTS[self.patient]

    def record(self, place: str = "") -> str:
        """The address of a page of her record."""
        return f"/patients/{self.patient}/{place}"

    @cached_property
    def citizen(self) -> Person:
        """The patient herself."""
        return self._person("citizen", self.patient)

    @cached_property
    def gp(self) -> Person:
        """Her GP."""
        return self._person("staff", "staff-gp-trondheim")

    @cached_property
    def specialist(self) -> Person:
        """Who assesses referrals at the hospital."""
        return self._person("staff", "staff-referral-doctor")

    @cached_property
    def secretary(self) -> Person:
        """Who gives appointments there."""
        return self._person("staff", "staff-referral-secretary")

    @cached_property
    def nurse(self) -> Person:
        """At the ward."""
        return self._person("staff", "staff-ward-nurse")

    @cached_property
    def doctor(self) -> Person:
        """At the ward."""
        return self._person("staff", "staff-hospital-doctor")

    @cached_property
    def officer(self) -> Person:
        """Who decides on services."""
        return self._person("staff", "staff-case-officer")

    @cached_property
    def home_nurse(self) -> Person:
        """Who plans home care."""
        return self._person("staff", "staff-home-care-nurse")

    @cached_property
    def carer(self) -> Person:
        """Who visits."""
        return self._person("staff", "staff-carer")


__all__ = ["PATIENTS", "Cast"]
