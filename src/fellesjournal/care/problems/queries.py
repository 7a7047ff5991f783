"""The problems in force, to be ended one by one."""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.access import acts, records
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading

_MOST = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """A problem that is not over."""

    id: str
    text: str
    code: str
    since: reading.Moment | None


def active_problems(session: Session, patient_id: str) -> list[Standing]:
    """Those on the list of problems, newest first."""
    page = records.search(
        session,
        "Condition",
        [
            ("patient", patient_id),
            ("clinical-status", "active,recurrence,relapse"),
            ("_sort", "-recorded-date"),
            ("_count", str(_MOST)),
        ],
    )
    found = [acts.content(each) for each in page.matches]
    return [
        Standing(
            id=str(data["id"]),
            text=reading.concept_text(data.get("code")),
            code=reading.first_code(data.get("code")),
            since=reading.first_moment(data, "onsetDateTime", "recordedDate"),
        )
        for data in found
    ]


__all__ = ["Standing", "active_problems"]
