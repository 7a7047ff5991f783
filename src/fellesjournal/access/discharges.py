"""A stay ends with its summary on the way to those who need it, or with a reason why not (INV-42).

norway.md section 9 L11: the discharge letter goes to who referred, those who need it, and the GP;
an encounter is not closed without it, or a reasoned exception. Held for staff on every path:
pages, API and Bundles. A stay (an Encounter of a class that lasts) that has begun may stop being
one that lasts only as ``finished``, when

- a signed Composition of this stay (9602 A03-2) has all its mandatory sections with words in them
  (INV-41), and a signed document of the stay that renders it is queued for delivery, to a unit of
  the list GP among others; or
- the Encounter carries an exception (``ENDED_WITHOUT``): a code, words, by whom and when. The
  code "summary-later" asks for the Task that owes it as well.

What has been said about being ready for discharge is dated, and is added to, never changed. The
document of a signed summary stays as it was sent (INV-43): it may be superseded, and no more.

Asked in the transaction of the write, after what is written stands: the whole discharge is one
act. The platform itself (a file that is loaded, two records that become one) is not held to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import psycopg

from fellesjournal.access.list_gp import body_of, gp_offices
from fellesjournal.access.relations.derive import BEGUN, STAYS, TASK_SYSTEM
from fellesjournal.access.relations.elements import class_of
from fellesjournal.access.sessions import Session
from fellesjournal.access.standing import before
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import Conflict, NotAllowed
from fellesjournal.foundation import clock
from fellesjournal.store.commit import Change, Committed
from fellesjournal.store.search import search_ids
from fellesjournal.store.visibility import EVERYTHING

_OWN = "https://fellesjournal.example/fhir/"
ENDED_WITHOUT = _OWN + "StructureDefinition/ended-without-summary"
"""Our extension on an Encounter: reason, text, by, at."""
READINESS = _OWN + "StructureDefinition/discharge-readiness"
"""Our extension on an Encounter, one for each thing said: event (9121), notice, at, from, by, text."""
READY_NOTICE = _OWN + "NamingSystem/ready-notice"
"""Identifies one thing said about being ready, in the notices that tell of it."""
SUMMARY_SECTION = _OWN + "CodeSystem/discharge-summary-section"
"""Our codes of the sections of a discharge summary; 9142 has no heading for some of them."""
MANDATORY = ("reason", "diagnoses", "course", "medication", "follow-up")
"""Sections without which no discharge summary is signed. UNVERIFIED: the national list of
mandatory parts is not among the sources; these are the parts that section 7 names (epikrise 1.2).
"""
DOCUMENT_TYPE = "urn:oid:2.16.578.1.12.4.1.1.9602"
SUMMARY_TYPE = "A03-2"
"""9602: epikrise."""
SUMMARY_OWED = "discharge-summary-owed"
"""A Task: the stay is over, and its summary is still to be written."""
DELIVERY = "delivery"

LATER = "summary-later"
REASONS = (LATER, "no-list-gp", "moved-within-hospital")
"""Why a stay may end without its summary at the GP."""
MISTAKE = "registered-by-mistake"
"""Why a stay may be taken back: it never was, or was another patient's."""
LEAST_WORDS = 10
_CLOCKS_DIFFER = timedelta(minutes=5)
_MOST = 50
_OPEN_TASK = ("draft", "requested", "accepted", "in-progress", "on-hold", "received", "ready")

Json = Mapping[str, Any]
Database = psycopg.Connection[Any]


class NoSummary(Conflict):
    """A stay can't end yet: its summary is not on its way to those who need it (409)."""


def check(session: Session, changes: Sequence[Change], committed: Sequence[Committed]) -> None:
    """After a commit, inside its transaction. Raises NoSummary, Conflict, NotAllowed."""
    if session.is_unbounded:
        return
    for change, done in zip(changes, committed, strict=True):
        if change.type not in {"Encounter", "DocumentReference"}:
            continue
        wanted = None if change.body is None else change.body.data
        name, stood = f"{change.type}/{done.id}", before(session, done)
        if change.type == "Encounter":
            _check(session, name, stood, wanted)
        else:
            _check_document(name, stood, wanted)


def lasts(encounter: Json | None) -> bool:
    """Whether this is a stay that has begun and is not over."""
    return is_stay(encounter) and (encounter or {}).get("status") in BEGUN


def is_stay(encounter: Json | None) -> bool:
    """Whether an Encounter is one that lasts until somebody ends it."""
    return encounter is not None and class_of(encounter) in STAYS


def _check(session: Session, name: str, stood: Json | None, wanted: Json | None) -> None:
    _check_readiness(session, name, stood, wanted)
    if is_stay(stood) and (stood or {}).get("status") in {"finished", "unknown"}:
        _check_ended(session, name, stood or {}, wanted)
    elif lasts(stood):
        _check_lasting(session, name, stood or {}, wanted)
    elif is_stay(wanted) and (wanted or {}).get("status") in {"finished", "unknown"}:
        _check_end(session, name, wanted or {})


def _check_document(name: str, stood: Json | None, wanted: Json | None) -> None:
    """A summary that was signed and sent is what its receivers have: nobody changes it."""
    if stood is None or stood.get("docStatus") != "final" or not _is_summary(stood):
        return
    after = {} if wanted is None else {**wanted, "meta": stood.get("meta")}
    if after.get("status") == "superseded":
        after["status"] = stood.get("status")
    if after != stood:
        raise Conflict(f"{name} is a signed summary: it can't be changed", code="business-rule")


def _is_summary(document: Json) -> bool:
    return any(
        (system, code) == (DOCUMENT_TYPE, SUMMARY_TYPE)
        for system, code, _ in reading.codings(document.get("type"))
    )


def _check_ended(session: Session, name: str, stood: Json, wanted: Json | None) -> None:
    """What is over is not begun again: she who comes back has a new stay."""
    if wanted is not None and wanted.get("status") == stood["status"] and is_stay(wanted):
        if _subject(wanted) != _subject(stood):
            raise Conflict(f"{name} is over, and was another patient's", code="business-rule")
        before = _exceptions(stood)
        if _exceptions(wanted)[: len(before)] != before:
            raise Conflict(f"{name}: why it ended stays as it was said", code="business-rule")
        return
    _check_taken_back(session, name, wanted)


def _check_lasting(session: Session, name: str, stood: Json, wanted: Json | None) -> None:
    if wanted is not None and _subject(wanted) != _subject(stood):
        raise Conflict(f"{name} is the stay of another patient", code="business-rule")
    if lasts(wanted):
        return
    if wanted is not None and is_stay(wanted) and wanted.get("status") == "finished":
        _check_end(session, name, wanted)
    else:
        _check_taken_back(session, name, wanted)


def _check_taken_back(session: Session, name: str, wanted: Json | None) -> None:
    """A stay that never was is not deleted, but said to be a mistake, and why."""
    is_mistake = wanted is not None and wanted.get("status") == "entered-in-error"
    if wanted is None or not is_mistake or not _is_reasoned(session, wanted, (MISTAKE,)):
        raise NoSummary(
            f"{name}: a stay ends as finished, or is entered in error with the reason"
            f" {MISTAKE!r} ({ENDED_WITHOUT})",
            code="business-rule",
        )


def _check_end(session: Session, name: str, wanted: Json) -> None:
    if wanted.get("status") != "finished":
        raise NoSummary(f"{name}: a stay ends as finished", code="business-rule")
    database = session.connection()
    if _is_reasoned(session, wanted, REASONS):
        if _reason(wanted) == LATER and not _is_owed(database, name):
            raise NoSummary(
                f"{name}: a summary that comes later is somebody's task ({SUMMARY_OWED})",
                code="business-rule",
            )
        return
    patient = _subject(wanted)
    if not _is_signed(database, name, patient):
        raise NoSummary(
            f"{name}: the discharge summary is not signed with all its mandatory parts",
            code="business-rule",
        )
    offices = set(gp_offices(session, patient))
    if not offices & _sent_to(database, name, patient):
        raise NoSummary(
            f"{name}: the discharge summary is not on its way to the GP", code="business-rule"
        )


def _is_signed(database: Database, name: str, patient: str) -> bool:
    """Whether a signed summary of this stay has words in all mandatory sections."""
    query = (
        f"encounter={name}&patient={patient}&status=final,amended"
        f"&type={DOCUMENT_TYPE}|{SUMMARY_TYPE}"
    )
    return any(
        set(MANDATORY) <= set(_filled(found))
        for found in _found(database, "Composition", query)
        if reading.reference_target(found.get("encounter")) == name
    )


def _filled(composition: Json) -> Iterator[str]:
    for section in reading.elements(composition.get("section")):
        div = (section.get("text") or {}).get("div", "")
        if _words(str(div)):
            for system, code, _ in reading.codings(section.get("code")):
                if system == SUMMARY_SECTION:
                    yield code


def _words(div: str) -> bool:
    """Whether a narrative says anything: a character that is no markup and no white space."""
    inside = False
    for character in div.replace("&nbsp;", " ").replace("&#160;", " "):
        if character == "<":
            inside = True
        elif character == ">":
            inside = False
        elif not inside and not character.isspace() and character != "\u200b":
            return True
    return False


def _sent_to(database: Database, name: str, patient: str) -> set[str]:
    """To whom a signed summary of this stay is queued, or has gone."""
    query = f"encounter={name}&patient={patient}&status=current&type={DOCUMENT_TYPE}|{SUMMARY_TYPE}"
    to: set[str] = set()
    for document in _found(database, "DocumentReference", query):
        if document.get("docStatus") != "final":
            continue
        asked = (
            f"focus=DocumentReference/{document['id']}&patient={patient}"
            f"&code={TASK_SYSTEM}|{DELIVERY}&status:not=cancelled,entered-in-error,draft"
        )
        for task in _found(database, "Task", asked):
            for each in reading.elements((task.get("restriction") or {}).get("recipient")):
                to.add(reading.reference_target(each))
    return to


def _is_owed(database: Database, name: str) -> bool:
    query = f"focus={name}&code={TASK_SYSTEM}|{SUMMARY_OWED}&status={','.join(_OPEN_TASK)}"
    return any(
        task.get("owner") and (task.get("restriction") or {}).get("period", {}).get("end")
        for task in _found(database, "Task", query)
    )


def _found(database: Database, kind: str, query: str) -> Iterator[Json]:
    for fhir_id in search_ids(database, kind, query, EVERYTHING, limit=_MOST):
        found = body_of(database, f"{kind}/{fhir_id}")
        if found is not None:
            yield found


def _check_readiness(session: Session, name: str, stood: Json | None, wanted: Json | None) -> None:
    before = _extensions(stood or {}, READINESS)
    after = _extensions(wanted or {}, READINESS)
    if wanted is None or before == after:
        return
    if after[: len(before)] != before:
        raise Conflict(
            f"{name}: what was said about being ready for discharge stays", code="business-rule"
        )
    for said in after[len(before) :]:
        _check_said(session, name, said)


def _is_reasoned(session: Session, wanted: Json, reasons: Sequence[str]) -> bool:
    """Whether there is an exception, by who writes it. Raises NotAllowed for another's name."""
    if _reason(wanted) not in reasons:
        return False
    said = _exceptions(wanted)[-1]
    words = part(said, "text").get("valueString", "").strip()
    if len(words) < LEAST_WORDS:
        return False
    _check_said(session, "the exception", said)
    return True


def _check_said(session: Session, name: str, said: Json) -> None:
    if reading.reference_target(part(said, "by").get("valueReference")) != session.person:
        raise NotAllowed(f"{name}: nobody says this for another", code="forbidden")
    at = reading.moment(part(said, "at").get("valueDateTime"))
    if at is None or abs(at.at - clock.now()) > _CLOCKS_DIFFER:
        raise NotAllowed(f"{name}: it is dated when it is said", code="forbidden")


def _reason(encounter: Json) -> str:
    listed = _exceptions(encounter)
    return str(part(listed[-1], "reason").get("valueCode", "")) if listed else ""


def part(extension: Json, name: str) -> Json:
    """The part of a complex extension; {} when it has none of this name."""
    inner = reading.elements(extension.get("extension"))
    return next((each for each in inner if each.get("url") == name), {})


def _exceptions(encounter: Json) -> list[Json]:
    return _extensions(encounter, ENDED_WITHOUT)


def _extensions(encounter: Json, url: str) -> list[Json]:
    return [e for e in reading.elements(encounter.get("extension")) if e.get("url") == url]


def _subject(encounter: Json) -> str:
    return reading.reference_target(encounter.get("subject"))


__all__ = [
    "DOCUMENT_TYPE", "ENDED_WITHOUT", "LATER", "LEAST_WORDS", "MANDATORY", "MISTAKE", "READINESS",
    "READY_NOTICE", "REASONS", "SUMMARY_OWED", "SUMMARY_SECTION", "SUMMARY_TYPE", "NoSummary", "check", "is_stay",
    "lasts", "part",
]  # fmt: skip
