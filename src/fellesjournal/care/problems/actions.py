"""Noting problems, allergies and vital signs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

from fellesjournal.access import acts, records
from fellesjournal.access.acts import DoneBefore, act, change, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.problems.codes import ICPC2_SYSTEM, Diagnosis
from fellesjournal.fhir.issues import BadRequest, Conflict, NotFound
from fellesjournal.fhir.vital_signs import VITALS, observations
from fellesjournal.foundation import clock

_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
_ALLERGY_CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
_ALLERGY_VERIFICATION = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
# The International Patient Summary's way of saying that somebody asked, and there are none.
_NONE_KNOWN = {
    "system": "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips",
    "code": "no-known-allergies",
    "display": "No known allergies",
}
_VISIBILITY = "urn:oid:2.16.578.1.12.4.1.1.9603"


class AlreadyNoted(Conflict):
    """The same problem or allergy is in force."""


class AllergiesListed(Conflict):
    """It can't be said that there are none while some are listed."""


def note_problem(
    session: Session,
    *,
    patient: str,
    text: str,
    diagnosis: Diagnosis | None,
    since: str = "",
    form: str = "",
) -> str:
    """A problem on the list; answers its id. ``since`` is a FHIR date, as exact as known.

    Raises BadRequest without text, AlreadyNoted when the same code is active or the same
    ``form`` was sent before.
    """
    said = text.strip() or (diagnosis.text if diagnosis else "")
    if not said:
        raise BadRequest("say what the problem is", code="required")
    if diagnosis is not None and _has(session, "Condition", patient, diagnosis.code):
        raise AlreadyNoted("this problem is on the list already")
    code: dict[str, Any] = {"text": said}
    if diagnosis is not None:
        code["coding"] = [
            {"system": ICPC2_SYSTEM, "code": diagnosis.code, "display": diagnosis.text}
        ]
    resource = {
        "resourceType": "Condition",
        "meta": _meta(),
        "clinicalStatus": _coded(_CLINICAL, "active"),
        "verificationStatus": _coded(_VERIFICATION, "confirmed"),
        "category": [_coded(_CATEGORY, "problem-list-item")],
        "code": code,
        "subject": {"reference": patient},
        "recordedDate": clock.now().isoformat(timespec="seconds"),
        "recorder": {"reference": session.person},
    }
    if since:
        resource["onsetDateTime"] = since
    return _note(session, [create(resource)], form)


def end_problem(session: Session, *, patient: str, problem: str) -> None:
    """A problem is over, from today. Raises NotFound for another patient's, Conflict when over."""
    data, seen = acts.read(session, "Condition", problem)
    if data.get("subject", {}).get("reference") != patient:
        raise NotFound(f"Condition/{problem} is not known")
    if data.get("abatementDateTime"):
        raise Conflict("this problem is over already")
    data["clinicalStatus"] = _coded(_CLINICAL, "resolved")
    data["abatementDateTime"] = clock.today().isoformat()
    act(session, [change(data, seen=seen)])


def note_allergy(
    session: Session,
    *,
    patient: str,
    substance: str,
    reaction: str,
    is_grave: bool,
    form: str = "",
) -> str:
    """An allergy; what was said of "none known" ends in the same act. Answers its id.

    Raises BadRequest without a substance, AlreadyNoted.
    """
    what = substance.strip()
    if not what:
        raise BadRequest("say to what", code="required")
    standing = _allergies(session, patient)
    if any(_text(each).casefold() == what.casefold() for each, _ in standing):
        raise AlreadyNoted("this allergy is listed already")
    resource: dict[str, Any] = {
        "resourceType": "AllergyIntolerance",
        "meta": _meta(),
        "clinicalStatus": _coded(_ALLERGY_CLINICAL, "active"),
        "verificationStatus": _coded(_ALLERGY_VERIFICATION, "confirmed"),
        "criticality": "high" if is_grave else "low",
        "code": {"text": what},
        "patient": {"reference": patient},
        "recordedDate": clock.now().isoformat(timespec="seconds"),
        "recorder": {"reference": session.person},
    }
    if reaction.strip():
        resource["reaction"] = [{"manifestation": [{"text": reaction.strip()}]}]
    ended = [change(_inactive(each), seen=seen) for each, seen in standing if _says_none(each)]
    return _note(session, [create(resource), *ended], form)


def note_no_allergies(session: Session, *, patient: str) -> None:
    """Somebody has asked: there are none known. Said once; raises AllergiesListed."""
    standing = _allergies(session, patient)
    if any(not _says_none(each) for each, _ in standing):
        raise AllergiesListed("allergies are listed: end them first, with a reason")
    if standing:
        return
    act(
        session,
        [
            create(
                {
                    "resourceType": "AllergyIntolerance",
                    "meta": _meta(),
                    "clinicalStatus": _coded(_ALLERGY_CLINICAL, "active"),
                    "verificationStatus": _coded(_ALLERGY_VERIFICATION, "confirmed"),
                    "code": {"coding": [_NONE_KNOWN], "text": "Ingen kjente allergier"},
                    "patient": {"reference": patient},
                    "recordedDate": clock.now().isoformat(timespec="seconds"),
                    "recorder": {"reference": session.person},
                }
            )
        ],
    )


def note_vitals(
    session: Session,
    *,
    patient: str,
    measured: Mapping[str, Decimal],
    by_name: str,
    form: str = "",
) -> int:
    """Store what was measured now, all or nothing; answers how many resources. ``by_name`` stands
    beside the reference to who measured. The same ``form`` sent twice stores once.

    Raises BadRequest for nothing measured, and for what no living body has: each is named.
    """
    if not measured:
        raise BadRequest("write at least one measurement", code="required")
    for name, value in measured.items():
        vital = VITALS[name]
        if not vital.least <= value <= vital.most:
            raise BadRequest(
                f"{vital.name}: {value} is not between {vital.least} and {vital.most}", name
            )
    found = observations(measured, patient=patient, at=clock.now(), performer=session.person)
    measurer = [{"reference": session.person, "display": by_name}]
    with suppress(DoneBefore):
        act(session, [create({**each, "performer": measurer}) for each in found], form=form)
    return len(found)


def _note(session: Session, operations: list[acts.Operation], form: str) -> str:
    try:
        return act(session, operations, form=form)[0].id
    except DoneBefore:
        raise AlreadyNoted("the same form was sent before") from None


def _has(session: Session, kind: str, patient: str, code: str) -> bool:
    page = records.search(
        session,
        kind,
        [
            ("patient", patient.partition("/")[2]),
            ("code", f"{ICPC2_SYSTEM}|{code}"),
            ("clinical-status", "active,recurrence,relapse"),
        ],
    )
    return bool(page.matches)


def _allergies(session: Session, patient: str) -> list[tuple[dict[str, Any], int]]:
    """The allergies in force, what is said of none included, each with its version."""
    page = records.search(
        session,
        "AllergyIntolerance",
        [("patient", patient.partition("/")[2]), ("_count", "200")],
    )
    found = [(acts.content(each), each.version) for each in page.matches]
    return [(data, seen) for data, seen in found if _is_in_force(data)]


def _is_in_force(data: dict[str, Any]) -> bool:
    return not (
        _codes(data.get("clinicalStatus")) & {"inactive", "resolved"}
        or _codes(data.get("verificationStatus")) & {"refuted", "entered-in-error"}
    )


def _says_none(data: dict[str, Any]) -> bool:
    return bool(_codes(data.get("code")) & {"716186003", "no-known-allergies"})


def _inactive(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "clinicalStatus": _coded(_ALLERGY_CLINICAL, "inactive")}


def _text(data: dict[str, Any]) -> str:
    return str(data.get("code", {}).get("text", ""))


def _codes(concept: Any) -> set[str]:
    codings = concept.get("coding", ()) if isinstance(concept, dict) else ()
    return {str(each.get("code")) for each in codings}


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _meta() -> dict[str, Any]:
    return {"security": [{"system": _VISIBILITY, "code": "N"}]}


__all__ = [
    "AllergiesListed",
    "AlreadyNoted",
    "end_problem",
    "note_allergy",
    "note_no_allergies",
    "note_problem",
    "note_vitals",
]
