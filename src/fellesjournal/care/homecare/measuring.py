"""Actions of the plan by which something is measured: done is only what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fellesjournal.access import records
from fellesjournal.access.acts import Resource
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare.planned import active_actions
from fellesjournal.care.homecare.plans import measured_by
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import Conflict
from fellesjournal.fhir.vital_signs import LOINC
from fellesjournal.foundation import clock


class NotMeasured(Conflict):
    """Nothing was measured at the visit; ``code`` says what was to be."""

    def __init__(self, code: str) -> None:
        super().__init__("what was to be measured at this visit is not written down")
        self.code = code


def rules_by_code(plans: Iterable[Resource]) -> dict[str, str]:
    """What plans say in words of each thing they have measured, by its code: a rule of when to call may
    stand there.
    """
    found: dict[str, str] = {}
    for plan in plans:
        for action in active_actions(plan):
            if code := measured_by(action):
                found.setdefault(code, reading.concept_text(action["detail"].get("code")))
    return found


def measured_by_source(plans: Iterable[Resource]) -> dict[str, str]:
    """What has to be measured (a code of vital_signs.MEASURABLE), by the source of the item."""
    found = {
        f"{plan['id']}.{activity['id']}": measured_by(activity)
        for plan in plans
        for activity in plan.get("activity", ())
        if "id" in activity
    }
    return {source: code for source, code in found.items() if code}


def is_measured(session: Session, patient: str, code: str, since: datetime) -> bool:
    """Whether a value of this code stands in the record (Patient/1) that was taken since."""
    asked = [
        ("patient", patient),
        ("code", f"{LOINC}|{code}"),
        ("date", f"ge{since.astimezone(clock.NORWAY).isoformat(timespec='seconds')}"),
        ("status", "final,amended,corrected,preliminary"),
        ("_count", "1"),
    ]
    return bool(records.search(session, "Observation", asked).matches)


__all__ = ["NotMeasured", "is_measured", "measured_by_source", "rules_by_code"]
