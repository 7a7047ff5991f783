"""The words of dress rehearsals: services, the roles that play, and the steps of the scripts."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SERVICES: dict[str, Promise] = {
    "home-care": _("Home care"),
    "nursing-home": _("Nursing home"),
    "out-of-hours": _("Out-of-hours clinic"),
}
ROLES: dict[str, Promise] = {
    "home-care-nurse": _("nurse in home care"),
    "nursing-home-nurse": _("nurse at the nursing home"),
    "out-of-hours-nurse": _("nurse at the out-of-hours clinic"),
    "out-of-hours-doctor": _("doctor at the out-of-hours clinic"),
    "carer": _("carer"),
}
STEPS: dict[str, Promise] = {
    "sign-in": _("Everybody signs in with her own card and chooses her role"),
    "read-shift": _("Read what happened in the night, and share out the day"),
    "home-visit": _("Make a visit at home with the telephone, also where there is no network"),
    "give-doses": _("Give the morning's medicines and answer for each dose"),
    "admitted-from-home": _("A patient is taken to hospital: visits stop, the report arrives"),
    "take-home": _(
        "A patient is ready for discharge: take her home with her new list of medicines"
    ),
    "deviation": _("Report a fall, and see it at the leader's"),
    "paper-hour": _("An hour without the platform: work on paper, then write it in"),
    "change-medicines": _("A doctor changes a dose: the list and the doses to come are right"),
    "write-notes": _("Write and sign the notes of the day"),
    "call-out-of-hours": _(
        "A patient gets worse: call the out-of-hours clinic, which sees the record"
    ),
    "triage": _("Take in somebody who calls, and say how urgent it is"),
    "see-patient": _("See a patient, write, prescribe, end the contact; the GP gets the summary"),
    "break-glass": _("Open the record of an unknown patient in an emergency, with a reason"),
    "refer-to-hospital": _("Refer to the hospital, and see that it arrived"),
    "change-shift": _("Hand over to the night: nobody who waits is lost"),
}


def service(code: str) -> str:
    """A service in words; own words as they are."""
    return str(SERVICES.get(code, code))


def role(code: str) -> str:
    """A role in words; own words as they are."""
    return str(ROLES.get(code, code))


def step(code: str) -> str:
    """A step in words; own words as they are."""
    return str(STEPS.get(code, code))


__all__ = ["ROLES", "SERVICES", "STEPS", "role", "service", "step"]
