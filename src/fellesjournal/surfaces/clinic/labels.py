"""The words the clinic's pages use for codes of the record."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fellesjournal.care.chart.timeline import Kind, Setting
from fellesjournal.surfaces.measurements import FLAGS, NAMES

_ENUMS: dict[StrEnum, Promise] = {
    Kind.ENCOUNTER: _("Encounters"),
    Kind.DOCUMENT: _("Documents"),
    Kind.REPORT: _("Reports"),
    Kind.PROCEDURE: _("Procedures"),
    Kind.VACCINE: _("Vaccines"),
    Kind.APPOINTMENT: _("Appointments"),
    Setting.GP: _("General practice"),
    Setting.OUT_OF_HOURS: _("Out-of-hours and emergency"),
    Setting.HOSPITAL: _("Hospital admission"),
    Setting.OUTPATIENT: _("Outpatient"),
    Setting.HOME_CARE: _("Home care"),
    Setting.NURSING_HOME: _("Nursing home"),
    Setting.HEALTH_STATION: _("Child health"),
    Setting.PHYSIOTHERAPY: _("Physiotherapy"),
    Setting.OTHER: pgettext_lazy("setting", "Other"),
    **FLAGS,
}
_WORDS: dict[str, Promise] = {
    **NAMES,
    "per-h": pgettext_lazy("dose", "hour"),
    "per-d": pgettext_lazy("dose", "day"),
    "per-wk": pgettext_lazy("dose", "week"),
    "per-mo": pgettext_lazy("dose", "month"),
    "every-h": pgettext_lazy("dose", "hours"),
    "every-d": pgettext_lazy("dose", "days"),
    "every-wk": pgettext_lazy("dose", "weeks"),
    "every-mo": pgettext_lazy("dose", "months"),
    "boy": _("boy"),
    "girl": _("girl"),
    "male": _("man"),
    "female": _("woman"),
    "other": pgettext_lazy("sex", "other"),
    "unknown": _("sex not known"),
    "fnr": _("National identity number"),
    "dnr": _("D number"),
    "fhn": _("Shared help number"),
    "ssn": _("Social security number (foreign)"),
    "mrn": _("Record number (other system)"),
    "number": _("Number (other system)"),
    "safety": _("safety"),
    "contact": _("infection control"),
    "drug": _("medicine"),
    "food": _("food"),
    "medication": _("medicine"),
    "environment": _("environment"),
    "biologic": _("biological"),
    "unconfirmed": _("unconfirmed"),
    "presumed": _("presumed"),
    "provisional": _("provisional"),
    "differential": _("differential"),
    "preliminary": _("preliminary"),
    "corrected": _("corrected"),
    "amended": _("corrected"),
    "registered": _("awaiting result"),
    "partial": _("partial"),
    "on-hold": _("on hold"),
    "planned": _("planned"),
    "arrived": _("arrived"),
    "in-progress": _("in progress"),
    "booked": _("booked"),
    "noshow": _("did not attend"),
    "proposed": _("proposed"),
    "pending": _("pending"),
}


def label(code: str) -> str:
    """The word for a code in the reader's language; "" for one that needs no word."""
    if isinstance(code, StrEnum):
        found = _ENUMS.get(code)
        return str(found) if found is not None else ""
    found = _WORDS.get(code)
    return str(found) if found is not None else ""
