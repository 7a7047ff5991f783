"""The words of stays on pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.stays.refusals import Why

REFUSALS: Mapping[Why, str | Promise] = {
    Why.NOT_YOURS: _("Another ward answers for this stay. Nothing was saved."),
    Why.NOT_A_DOCTOR: _("A doctor discharges, and signs the summary. Nothing was saved."),
    Why.ALREADY_IN: _("The patient is in your ward already."),
    Why.OVER: _("The stay is over. Nothing was saved."),
    Why.ALREADY_READY: _("The patient is marked as ready for discharge already."),
    Why.NOT_READY: _("This has been withdrawn or changed meanwhile. Look again."),
    Why.MISSING: _("Something is missing. Nothing was sent."),
    Why.NOT_THEN: _("This time is not possible for this stay. Nothing was saved."),
    Why.SIGNED: _("The summary is signed. Add to it among the notes."),
    Why.CHANGED: _("Somebody else has written meanwhile. Both texts stand below."),
    Why.NO_REASON: _("Give a reason in words (at least ten characters). Nothing was saved."),
}
PARTS: Mapping[str, str | Promise] = {
    "reason": _("Reason for admission"),
    "diagnoses": _("Diagnoses"),
    "course": _("Course and treatment"),
    "findings": _("Findings and results"),
    "medication": _("Medication at discharge"),
    "follow-up": _("Follow-up and who answers for it"),
}
DESTINATIONS: Mapping[str, str | Promise] = {
    "home": _("Home"),
    "snf": _("Nursing home"),
    "other-hcf": _("Another institution"),
    "exp": _("The patient has died"),
}
WITHOUT: Mapping[str, str | Promise] = {
    "summary-later": _("The summary is sent later"),
    "moved-within-hospital": _("Moved within the hospital: the summary comes from there"),
    "no-list-gp": _("The patient has no GP"),
}
ENDED_WITHOUT: Mapping[str, str | Promise] = {
    **WITHOUT,
    "registered-by-mistake": _("Registered by mistake"),
}
WHY_SENT: Mapping[str, str | Promise] = {
    "gp": _("The patient's GP"),
    "referrer": _("Has referred the patient"),
    "services": _("Gives services to the patient"),
    "patient": _("The patient"),
}

__all__ = ["DESTINATIONS", "ENDED_WITHOUT", "PARTS", "REFUSALS", "WHY_SENT", "WITHOUT"]
