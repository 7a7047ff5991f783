"""What a message from outside becomes: a document in the record, and somebody's work (INV-5).

A message is one document and, for each unit it is to, one piece of work; a referral is work of
the office that takes referrals in, which hears of it by an event. A change or cancellation takes
the place of what it changes, also when it came first (INV-15).
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Sequence
from urllib.parse import quote

from fellesjournal.access import acts, records
from fellesjournal.access.acts import Resource, Stored, act, change, create
from fellesjournal.access.discharges import DOCUMENT_TYPE, SUMMARY_TYPE
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages import events
from fellesjournal.care.messages.inside import received_resource
from fellesjournal.care.messages.outside.addressing import Addressee, addressee
from fellesjournal.care.messages.outside.evidence import NUMBER
from fellesjournal.care.messages.outside.incoming import (
    ABOUT_ONE_DOCUMENT,
    REFERRALS,
    Incoming,
    read_incoming,
)
from fellesjournal.care.messages.outside.threads import Answered, answered_by
from fellesjournal.care.messages.resources import MESSAGE_SYSTEM, RECEIVED_SYSTEM, VISIBILITY
from fellesjournal.fhir import reading
from fellesjournal.foundation.outbox.events import Event
from fellesjournal.national import discharge
from fellesjournal.national.refusals import NotValid, Problem, Refused
from fellesjournal.registry.numbers import DNR_SYSTEM, FNR_SYSTEM

ABOUT_SYSTEM = "https://fellesjournal.example/fhir/NamingSystem/came-about"
"""Identifies what several messages are about: a summary, or a notice, through its changes."""
RANK_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/came-rank"
_NUMBERS = {"FNR": FNR_SYSTEM, "DNR": DNR_SYSTEM}


def keep(session: Session, message: Incoming, content: bytes) -> None:
    """Document and work, once for each number; inside a transaction.

    Raises Refused with the reason: for nobody or nothing known here, and for a number that is
    another message's (else it would be answered as received, and be lost).
    """
    if not NUMBER.fullmatch(message.number):
        raise NotValid(Problem("meldingsnummeret kan ikke brukes"))
    to, patient = _units(session, message), _patient(session, message)
    sender = None if message.sender is None else addressee(session, message.sender.party)
    if message.kind in REFERRALS and sender is None:
        # whoever refers is told what comes of it (L10): nobody here can tell a stranger
        raise NotValid(Problem("avsenderen er ikke kjent her, og kan ikke få svar"))
    answers = answered_by(session, message, sender)
    known_as, named = f"urn:uuid:{uuid.uuid4()}", quote(message.number, safe="")
    document = _document(message, content, unit=to[0].unit, patient=patient)
    written = [
        create(document, known_as=known_as, unless=f"identifier={MESSAGE_SYSTEM}|{named}"),
        *(
            _work(message, known_as, turn, each, patient)
            for turn, each in enumerate(to)
            if _is_read(message)
        ),
    ]
    stood = act(
        session, written, lambda made: _told(message, made[0], to[0], patient, sender, answers)
    )
    is_its = all(
        acts.content(each)["focus"]["reference"] == stood[0].reference for each in stood[1:]
    )
    if not is_its or not _is_same(message, content, acts.content(stood[0])):
        raise NotValid(Problem("meldingsnummeret er brukt for en annen melding"))
    if message.about and message.kind in ABOUT_ONE_DOCUMENT:
        _put_in_place(session, _about(message, patient))


def _is_read(message: Incoming) -> bool:
    """Whether somebody is given it to read; a referral is given to its office, as a referral."""
    return message.kind not in REFERRALS


def _told(
    message: Incoming,
    stood: Stored,
    to: Addressee,
    patient: Resource,
    sender: Addressee | None,
    answers: Answered | None,
) -> list[Event]:
    # heard again with the same document, these change nothing
    about = f"Patient/{patient['id']}"
    if message.kind in REFERRALS and sender is not None:
        return [
            events.referral_came(
                stood.reference, about, unit=to.reference, service=to.service,
                sender=sender.reference,
            )
        ]  # fmt: skip
    if answers is None:
        return []
    return [
        events.answer_came(
            answers.referral, answers.question, stood.reference, about, code=message.code
        )
    ]


def _units(session: Session, message: Incoming) -> list[Addressee]:
    if not message.receivers:
        raise NotValid(Problem("mottaker mangler HER-id på to nivåer"))
    found = [addressee(session, each.party) for each in message.receivers]
    known = {each.reference: each for each in found if each is not None}
    if not known:
        raise NotValid(Problem("mottakeren finnes ikke her"))
    return list(known.values())


def _patient(session: Session, message: Incoming) -> Resource:
    for kind, number in message.patient:
        system = _NUMBERS.get(kind)
        if system is None or not number.isascii() or not number.isdigit():
            continue
        page = records.search(session, "Patient", [("identifier", f"{system}|{number}")])
        if page.matches:
            return acts.content(page.matches[0])
    raise NotValid(Problem("pasienten finnes ikke hos mottakeren"))


def _work(
    message: Incoming, document: str, turn: int, to: Addressee, patient: Resource
) -> acts.Operation:
    # the first unit's work has the number of the message; a copy's has its unit in it as well
    number = message.number if turn == 0 else f"{message.number}#{to.reference}"
    task = received_resource(
        number=number,
        document=document,
        patient=f"Patient/{patient['id']}",
        unit=to.reference,
        sender="",
        urgent=False,
    )
    return create(task, unless=f"identifier={RECEIVED_SYSTEM}|{quote(number, safe='')}")


def _document(message: Incoming, content: bytes, *, unit: Resource, patient: Resource) -> Resource:
    identifiers = [{"system": MESSAGE_SYSTEM, "value": message.number}]
    kind: Resource = {"text": message.title}
    if message.kind == discharge.DISCHARGE_SUMMARY:
        kind["coding"] = [{"system": DOCUMENT_TYPE, "code": SUMMARY_TYPE, "display": "Epikrise"}]
    document: Resource = {
        "resourceType": "DocumentReference",
        "meta": {"security": [{"system": VISIBILITY, "code": "N"}]},
        "identifier": identifiers,
        "status": "current",
        "docStatus": "final",
        "type": kind,
        "subject": {"reference": f"Patient/{patient['id']}"},
        "date": message.at.isoformat(),
        "author": [{"display": message.sender_name or "–"}],
        "custodian": {"reference": f"Organization/{unit['id']}"},
        "description": message.title,
        "content": [
            _attached("text/plain; charset=utf-8", (message.text or "–").encode()),
            *(_attached(mime, data) for mime, data in message.files),
            _attached("application/xml", content),
        ],
    }
    if message.about and message.kind in ABOUT_ONE_DOCUMENT:
        identifiers.append({"system": ABOUT_SYSTEM, "value": _about(message, patient)})
        rank = {"system": RANK_SYSTEM, "code": str(message.rank)}
        document["category"] = [{"coding": [rank]}]
    return document


def _about(message: Incoming, patient: Resource) -> str:
    """By digest: others choose the number, and may have put anything into it. Of one patient: what
    is written of another changes nothing of hers.
    """
    sender = message.sender.party if message.sender else ""
    return hashlib.sha256(
        f"{sender} {message.kind} {message.about} {patient['id']}".encode()
    ).hexdigest()


def _put_in_place(session: Session, about: str) -> None:
    """Of all that came about one thing the last stands; what it replaced is superseded."""
    page = records.search(
        session, "DocumentReference", [("identifier", f"{ABOUT_SYSTEM}|{about}"), ("_count", "200")]
    )
    known = [(acts.content(each), each.version) for each in page.matches]
    last = max(known, key=lambda each: _order(each[0]))[0]["id"]
    moved = []
    for document, version in known:
        wanted = "current" if document["id"] == last else "superseded"
        if document["status"] != wanted:
            moved.append(change({**document, "status": wanted}, seen=version))
    if moved:
        act(session, moved)


def _order(document: Resource) -> tuple[float, int, str]:
    at = reading.moment(document.get("date"))
    codings = [c for each in document.get("category", ()) for c in reading.codings(each)]
    rank = next((code for system, code, _ in codings if system == RANK_SYSTEM), "0")
    return (0.0 if at is None else at.at.timestamp(), int(rank), str(document["id"]))


def _is_same(message: Incoming, content: bytes, standing: Resource) -> bool:
    """Whether what stands is this message: else it would be answered as received, and be lost."""
    kept = base64.b64decode(standing["content"][-1]["attachment"].get("data", ""))
    if kept == content:
        return True
    try:
        return read_incoming(kept).essence == message.essence
    except Refused:
        return False


def _attached(kind: str, data: bytes) -> Resource:
    return {
        "attachment": {
            "contentType": kind,
            "language": "nb-NO",
            "data": base64.b64encode(data).decode(),
        }
    }


__all__: Sequence[str] = ["ABOUT_SYSTEM", "keep"]
