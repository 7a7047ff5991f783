"""INV-42 on every path: staff who write the Encounter themselves are held to it as the pages are."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from fellesjournal.access import acts
from fellesjournal.access.discharges import (
    DOCUMENT_TYPE,
    ENDED_WITHOUT,
    MANDATORY,
    SUMMARY_OWED,
    SUMMARY_SECTION,
    SUMMARY_TYPE,
    NoSummary,
)
from fellesjournal.access.relations.derive import TASK_SYSTEM
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir.issues import Conflict, FhirError, NotAllowed
from fellesjournal.foundation import clock
from tests.staff import SYSTEM, employ, put, register

XHTML = "http://www.w3.org/1999/xhtml"
TYPE = {"coding": [{"system": DOCUMENT_TYPE, "code": SUMMARY_TYPE}]}
ANNA = {"reference": "Patient/anna"}
STAY = {"reference": "Encounter/stay"}


@pytest.fixture
def doctor(empty_record: None) -> Session:
    """A doctor of the ward, where Anna lies; her GP works at the office."""
    del empty_record
    employ("ragna", "doctor", "office")
    register("anna", "Practitioner/ragna")
    register("bo", "Practitioner/ragna")
    session = employ("iselin", "doctor", "ward")
    for name in ("anna", "bo"):
        put("Encounter", "stay" if name == "anna" else f"stay-{name}", **stay(name))
    return session


def stay(patient: str = "anna", status: str = "in-progress", **more: Any) -> dict[str, Any]:
    return {
        "status": status,
        "class": {"code": "IMP"},
        "subject": {"reference": f"Patient/{patient}"},
        "serviceProvider": {"reference": "Organization/ward"},
        "period": {"start": "2026-11-20T10:00:00+01:00"},
        **more,
    }


def finish(session: Session, status: str = "finished", **more: Any) -> None:
    """As a client of the API does."""
    data, version = acts.read(session, "Encounter", "stay")
    acts.act(session, [acts.change({**data, "status": status, **more}, seen=version)])


def summary(texts: dict[str, str], status: str = "final", **more: Any) -> dict[str, Any]:
    return {
        "status": status,
        "type": TYPE,
        "subject": ANNA,
        "encounter": STAY,
        "date": "2026-11-22",
        "author": [{"reference": "Practitioner/iselin"}],
        "title": "Epikrise",
        "section": [
            {
                "title": key,
                "code": {"coding": [{"system": SUMMARY_SECTION, "code": key}]},
                "text": {"status": "additional", "div": f'<div xmlns="{XHTML}">{text}</div>'},
            }
            for key, text in texts.items()
        ],
        **more,
    }


def document(**more: Any) -> dict[str, Any]:
    return {
        "status": "current",
        "docStatus": "final",
        "type": TYPE,
        "subject": ANNA,
        "content": [{"attachment": {"contentType": "text/plain", "data": "QUJD"}}],
        "context": {"encounter": [STAY]},
        **more,
    }


def delivery(to: str, **more: Any) -> dict[str, Any]:
    return {
        "status": "requested",
        "intent": "order",
        "code": {"coding": [{"system": TASK_SYSTEM, "code": "delivery"}]},
        "focus": {"reference": "DocumentReference/letter"},
        "for": ANNA,
        "restriction": {"recipient": [{"reference": to}]},
        **more,
    }


WHOLE = {key: f"<p>{key}</p>" for key in MANDATORY}


def exception(reason: str, words: str, by: str = "iselin", at: str = "") -> dict[str, Any]:
    return {
        "url": ENDED_WITHOUT,
        "extension": [
            {"url": "reason", "valueCode": reason},
            {"url": "text", "valueString": words},
            {"url": "by", "valueReference": {"reference": f"Practitioner/{by}"}},
            {"url": "at", "valueDateTime": at or clock.now().isoformat()},
        ],
    }


def test_inv_42_staff_end_no_stay_by_writing_it(doctor: Session) -> None:
    for status in ("finished", "unknown", "cancelled", "entered-in-error", "planned"):
        with pytest.raises(NoSummary):
            finish(doctor, status)
    for more in ({"class": {"code": "AMB"}}, {"subject": {"reference": "Patient/bo"}}):
        with pytest.raises(Conflict):
            finish(doctor, "in-progress", **more)
    with pytest.raises(FhirError):
        write(doctor, [Operation("delete", "Encounter", id="stay")])
    assert acts.read(SYSTEM, "Encounter", "stay")[0]["status"] == "in-progress"


def test_inv_42_staff_write_no_stay_that_is_over_already(doctor: Session) -> None:
    for status in ("finished", "unknown"):
        with pytest.raises(NoSummary):
            acts.act(doctor, [acts.create({"resourceType": "Encounter", **stay(status=status)})])
    acts.act(
        doctor,
        [
            acts.create(
                {
                    "resourceType": "Encounter",
                    **stay(status="finished"),
                    "class": {"code": "AMB"},
                }
            )
        ],
    )


PIECES = (
    "composition", "all-parts", "with-words", "is-signed",
    "document", "document-is-final", "delivery", "to-the-gp",
)  # fmt: skip


@pytest.mark.parametrize("missing", [None, *PIECES])
def test_inv_42_every_piece_is_needed(doctor: Session, missing: str | None) -> None:
    texts = dict(WHOLE)
    if missing == "all-parts":
        del texts["course"]
    if missing == "with-words":
        texts["course"] = "<p> &#160; <br/>\u200b</p>"
    if missing != "composition":
        signed = missing != "is-signed"
        put("Composition", "summary", **summary(texts, "final" if signed else "preliminary"))
    if missing != "document":
        final = missing != "document-is-final"
        put(
            "DocumentReference", "letter", **document(docStatus="final" if final else "preliminary")
        )
    if missing != "delivery":
        to = "Organization/ward" if missing == "to-the-gp" else "Organization/office"
        put("Task", "sending", **delivery(to))
    if missing is None:
        finish(doctor)
        assert acts.read(SYSTEM, "Encounter", "stay")[0]["status"] == "finished"
    else:
        with pytest.raises(NoSummary):
            finish(doctor)


def test_inv_42_of_any_subset_of_the_pieces_the_whole_alone_ends_a_stay(doctor: Session) -> None:
    for n, has in enumerate(itertools.product((False, True), repeat=5)):
        signed, whole, final, sends, to_gp = has
        key, here = f"stay-{n}", {"reference": f"Encounter/stay-{n}"}
        put("Encounter", key, **stay())
        texts = WHOLE if whole else {"course": "<p>Ord</p>"}
        status = "final" if signed else "preliminary"
        put("Composition", f"summary-{n}", **summary(texts, status, encounter=here))
        written = document(
            docStatus="final" if final else "preliminary", context={"encounter": [here]}
        )
        put("DocumentReference", f"letter-{n}", **written)
        sending = delivery(
            "Organization/office" if to_gp else "Patient/anna",
            focus={"reference": f"DocumentReference/letter-{n}"},
            status="requested" if sends else "entered-in-error",
        )
        put("Task", f"sending-{n}", **sending)
        data, version = acts.read(SYSTEM, "Encounter", key)
        try:
            acts.act(doctor, [acts.change({**data, "status": "finished"}, seen=version)])
        except NoSummary:
            assert not all(has), has
        else:
            assert all(has), has


def test_inv_42_summary_of_another_stay_or_patient_ends_nothing(doctor: Session) -> None:
    put("Composition", "summary", **summary(WHOLE, encounter={"reference": "Encounter/other"}))
    put("DocumentReference", "letter", **document())
    put("Task", "sending", **delivery("Organization/office"))
    with pytest.raises(NoSummary):
        finish(doctor)
    put("Composition", "summary-2", **summary(WHOLE, subject={"reference": "Patient/bo"}))
    with pytest.raises(NoSummary):
        finish(doctor)


def test_inv_42_delivery_that_was_called_off_is_none(doctor: Session) -> None:
    put("Composition", "summary", **summary(WHOLE))
    put("DocumentReference", "letter", **document())
    put("Task", "sending", **delivery("Organization/office", status="cancelled"))
    with pytest.raises(NoSummary):
        finish(doctor)


@pytest.mark.parametrize(
    ("reason", "words", "by", "holds"),
    [
        ("no-list-gp", "Turist uten fastlege.", "iselin", True),
        ("moved-within-hospital", "Flyttet til kirurgisk avdeling.", "iselin", True),
        ("summary-later", "Prøvesvar gjenstår.", "iselin", False),  # nobody owes it
        ("no-list-gp", "kort", "iselin", False),
        ("registered-by-mistake", "Feil pasient valgt.", "iselin", False),
        ("because", "En lang begrunnelse.", "iselin", False),
        ("no-list-gp", "Turist uten fastlege.", "ragna", False),
    ],
)
def test_inv_42_exception_is_coded_reasoned_and_ones_own(
    doctor: Session,
    reason: str,
    words: str,
    by: str,
    holds: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    said = [exception(reason, words, by)]
    if holds:
        finish(doctor, extension=said)
    else:
        with pytest.raises((NoSummary, NotAllowed)):
            finish(doctor, extension=said)


def test_inv_43_document_of_a_signed_summary_stays_as_it_was_sent(doctor: Session) -> None:
    put("DocumentReference", "letter", **document())
    data, version = acts.read(SYSTEM, "DocumentReference", "letter")
    attached = [{"attachment": {"contentType": "text/plain", "data": "WFla"}}]
    others: list[dict[str, Any]] = [
        {"content": attached},
        {"docStatus": "amended"},
        {"status": "entered-in-error"},
        {"type": {"text": "Epikrise"}},
        {"context": {}},
    ]
    for other in others:
        with pytest.raises(FhirError):
            acts.act(doctor, [acts.change({**data, **other}, seen=version)])
    with pytest.raises(FhirError):
        write(doctor, [Operation("delete", "DocumentReference", id="letter")])
    acts.act(doctor, [acts.change({**data, "status": "superseded"}, seen=version)])
    put("DocumentReference", "draft", **document(docStatus="preliminary"))
    draft, version = acts.read(SYSTEM, "DocumentReference", "draft")
    acts.act(doctor, [acts.change({**draft, "content": attached}, seen=version)])


def test_inv_42_summary_that_comes_later_is_owed_by_somebody(doctor: Session) -> None:
    put(
        "Task", "owed", status="requested", intent="order",
        code={"coding": [{"system": TASK_SYSTEM, "code": SUMMARY_OWED}]}, focus=STAY,
        owner={"reference": "Practitioner/iselin"},
        restriction={"period": {"end": "2026-12-01"}}, **{"for": ANNA},
    )  # fmt: skip
    finish(doctor, extension=[exception("summary-later", "Prøvesvar gjenstår.")])


def test_exception_is_dated_when_it_is_said(doctor: Session) -> None:
    said = exception("no-list-gp", "Turist uten fastlege.", at="2026-01-01T10:00:00+01:00")
    with pytest.raises(NotAllowed):
        finish(doctor, extension=[said])


def test_mistake_is_taken_back_with_a_reason_and_what_is_over_is_not_begun_again(
    doctor: Session,
) -> None:
    finish(doctor, extension=[exception("no-list-gp", "Turist uten fastlege.")])
    for status in ("in-progress", "planned", "cancelled"):
        with pytest.raises(NoSummary):
            finish(doctor, status)
    data, version = acts.read(SYSTEM, "Encounter", "stay")
    del data["extension"]
    with pytest.raises(Conflict):
        acts.act(doctor, [acts.change(data, seen=version)])
    kept, version = acts.read(SYSTEM, "Encounter", "stay")
    finish(
        doctor,
        "entered-in-error",
        extension=[*kept["extension"], exception("registered-by-mistake", "Feil pasient valgt.")],
    )


def test_inv_42_only_sound_ways_out_over_all_sequences_of_statuses(doctor: Session) -> None:
    """Whatever three statuses are tried after each other, nothing but a sound end sticks."""
    for tried in itertools.permutations(("onleave", "finished", "arrived", "cancelled"), 3):
        for status in tried:
            try:
                finish(doctor, status)
            except NoSummary:
                continue
        stands = acts.read(SYSTEM, "Encounter", "stay")[0]["status"]
        assert stands in {"in-progress", "onleave", "arrived"}


def test_the_platform_itself_is_not_held_to_it(doctor: Session) -> None:
    del doctor
    put("Encounter", "stay", **stay(status="finished"))
    assert acts.read(SYSTEM, "Encounter", "stay")[0]["status"] == "finished"
