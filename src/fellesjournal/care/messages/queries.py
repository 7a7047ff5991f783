"""Where deliveries stand, and which way to a recipient."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fellesjournal.access import acts, citizens, patients, records
from fellesjournal.access.own_person import wants_paper
from fellesjournal.access.readlog.own_reads import opened_by_herself
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.inside import RECEIVED
from fellesjournal.care.messages.resources import (
    DELIVERY,
    FOLLOW_UP,
    LETTER_SYSTEM,
    TASK_SYSTEM,
    Delivery,
    Recipient,
    delivery,
)
from fellesjournal.care.messages.states import Route
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock

OUTSIDER = "outsider"
_MOST = 500
TOLD_FOR = timedelta(days=30)
"""So long her first page tells of a letter that nobody opens. Assumption (configurable): as long as
of an answer; what she has not opened comes on paper before that."""
UNITS_SHOWN = 30
"""So many units of a name are listed to choose from."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that was signed, and its deliveries (those the session may see); ``about`` are the
    references of what it tells of.
    """

    id: str
    title: str
    at: reading.Moment | None
    author: str
    unit: str
    text: str
    language: str
    deliveries: tuple[Delivery, ...]
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """Work about one document: to read it, or to find out why it did not arrive."""

    task: str
    patient: str
    name: str
    document: str
    title: str
    to: str
    at: reading.Moment | None
    deadline: reading.Moment | None
    is_late: bool


Flying = tuple[Delivery, str, str]
"""A delivery, the patient's name, the document's title."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a unit has to read, to take up, to print and post, and what it waits for."""

    received: tuple[Item, ...]
    follow_ups: tuple[Item, ...]
    to_print: tuple[Flying, ...]
    in_flight: tuple[Flying, ...]


def recipient_of(session: Session, reference: str) -> Recipient:
    """Whom a reference names and on which way she or it is reached.

    A citizen who has accepted the terms reads HelsaMi, unless she has asked for paper; to others a
    letter goes on paper. Raises NotFound.
    """
    kind, _, fhir_id = reference.partition("/")
    return _recipient(session, reference, acts.content(records.read(session, kind, fhir_id)))


def recipients_of(session: Session, references: Sequence[str]) -> list[Recipient]:
    """As :func:`recipient_of`, of several in one read. Raises NotFound when one is not there."""
    pairs = [(kind, key) for kind, _, key in (each.partition("/") for each in references)]
    found = {each.reference: acts.content(each) for each in patients.read_known(session, pairs)}
    for each in references:
        if each not in found:
            raise NotFound(f"{each} is not known")
    return [_recipient(session, each, found[each]) for each in references]


def _recipient(session: Session, reference: str, data: acts.Resource) -> Recipient:
    kind, _, fhir_id = reference.partition("/")
    if kind == "Patient":
        digital = citizens.reads_helsami(session, fhir_id) and not wants_paper(data)
        return Recipient(
            reference,
            reading.name_text(data.get("name")),
            Route.HELSAMI if digital else Route.PAPER,
        )
    return Recipient(reference, str(data.get("name", "")), _way_to_unit(data))


def units_by_name(session: Session, text: str) -> list[Recipient]:
    """The units whose name has these words; those on the platform first, by name (INV-6).

    At most UNITS_SHOWN: so many may be more, and who asks must be told.
    """
    words = [_escaped(word) for each in text.split() if (word := each.strip(".,;:"))]
    if not words:
        return []
    page = records.search(
        session,
        "Organization",
        [
            *(("name:contains", word) for word in words),
            ("active:not", "false"),
            ("_sort", "name"),
            ("_count", str(UNITS_SHOWN)),
        ],
    )
    found = [acts.content(each) for each in page.matches]
    units = [
        Recipient(f"Organization/{data['id']}", str(data.get("name", "")), _way_to_unit(data))
        for data in found
    ]
    exact = [each for each in units if each.name.casefold() == text.strip().casefold()]
    return exact or sorted(
        units, key=lambda each: (each.route is not Route.INSIDE, _alphabetical(each.name))
    )


def _alphabetical(name: str) -> str:
    """A name as it is sorted in Norwegian: æ, ø and å come last, in this order."""
    return name.casefold().translate({ord("æ"): "{", ord("ø"): "|", ord("å"): "}"})


def _escaped(word: str) -> str:
    """A word as a search takes it: what parts values has no meaning here."""
    return "".join(f"\\{each}" if each in "\\,$|" else each for each in word)


def letters_of(session: Session, patient_id: str) -> list[Sent]:
    """The letters about a patient, newest first, each with its deliveries."""
    ways: dict[str, list[Delivery]] = {}
    for each in _deliveries(session, [("patient", patient_id), ("_sort", "authored-on")]):
        ways.setdefault(each.document, []).append(each)
    return [_sent(data, ways) for data in _letters(session, patient_id)]


def letters_about(session: Session) -> dict[str, str]:
    """The newest letter (its id) in the record a citizen has open about each thing, by reference."""
    found: dict[str, str] = {}
    for data in _letters(session, session.subject.removeprefix("Patient/")):
        for about in _sent(data, {}).about:
            found.setdefault(about, str(data["id"]))
    return found


def _letters(session: Session, patient_id: str) -> list[dict[str, Any]]:
    page = records.search(
        session,
        "DocumentReference",
        [
            ("patient", patient_id),
            ("identifier", f"{LETTER_SYSTEM}|"),
            ("_sort", "-date"),
            ("_count", str(_MOST)),
        ],
    )
    return [acts.content(stored) for stored in page.matches]


def new_letters(session: Session, letters: Sequence[Sent]) -> list[Sent]:
    """Those among the letters of the record a citizen has open that came lately and she who asks has
    not opened, in their order. One statement, none without such letters.
    """
    since = clock.now() - TOLD_FOR
    lately = [each for each in letters if each.at is not None and each.at.at > since]
    opened = opened_by_herself(
        session, "DocumentReference", [each.id for each in lately], since=since
    )
    return [each for each in lately if each.id not in opened]


def letter_by(session: Session, patient_id: str, document_id: str) -> Sent:
    """One letter. Raises NotFound, also for another patient's."""
    return _sent(_letter(session, patient_id, document_id), {})


def letter_file(session: Session, patient_id: str, document_id: str) -> bytes:
    """The letter as PDF: the bytes that were signed. Raises NotFound."""
    return _attached(_letter(session, patient_id, document_id), "application/pdf")


def letter_payload(session: Session, patient_id: str, document_id: str) -> bytes:
    """The content of its message that was signed with a letter; empty without. Raises NotFound."""
    return _attached(_letter(session, patient_id, document_id), "application/xml")


def _letter(session: Session, patient_id: str, document_id: str) -> dict[str, Any]:
    data = acts.content(records.read(session, "DocumentReference", document_id))
    is_letter = any(each.get("system") == LETTER_SYSTEM for each in data.get("identifier", ()))
    if not is_letter or data.get("subject", {}).get("reference") != f"Patient/{patient_id}":
        raise NotFound(f"DocumentReference/{document_id} is not known")
    return data


def _sent(data: dict[str, Any], ways: Mapping[str, list[Delivery]]) -> Sent:
    author = data.get("author", [{}])[0]
    return Sent(
        id=str(data["id"]),
        title=str(data.get("description", "")),
        at=reading.moment(data.get("date")),
        author=str(author.get("display", "")),
        unit=str(data.get("custodian", {}).get("display", "")),
        text=_attached(data, "text/plain").decode(),
        language=str(data["content"][0]["attachment"].get("language", "")),
        deliveries=tuple(ways.get(f"DocumentReference/{data['id']}", ())),
        about=tuple(
            map(reading.reference_target, reading.elements(data.get("context", {}).get("related")))
        ),
    )


def _attached(data: dict[str, Any], kind: str) -> bytes:
    for content in data.get("content", ()):
        attachment = content.get("attachment", {})
        if str(attachment.get("contentType", "")).startswith(kind):
            return base64.b64decode(attachment.get("data", ""))
    return b""


def delivery_by(session: Session, reference: str) -> Delivery:
    """One delivery. Raises NotFound."""
    stored = records.read(session, "Task", reference.partition("/")[2])
    return delivery(acts.content(stored), stored.version)


def deliveries_of(session: Session, document: str) -> list[Delivery]:
    """All deliveries of a document (``DocumentReference/1``), the first queued first."""
    return _deliveries(session, [("focus", document), ("_sort", "authored-on")])


def in_flight(session: Session, unit: str) -> list[Delivery]:
    """What a unit has sent and still waits for evidence of, the oldest first."""
    return _deliveries(
        session,
        [("owner", unit), ("status", "requested,in-progress"), ("_sort", "authored-on")],
    )


def to_print(session: Session, unit: str) -> list[Delivery]:
    """What a unit has to print and post."""
    return [each for each in in_flight(session, unit) if each.recipient.route is Route.PAPER]


def follow_ups(session: Session, unit: str) -> list[dict[str, Any]]:
    """The Tasks about deliveries of a unit that failed and are not taken up yet, oldest first."""
    return _tasks(session, FOLLOW_UP, [("owner", unit), ("status", "requested,accepted")])


def received(session: Session, unit: str) -> list[dict[str, Any]]:
    """The Tasks to read what has come to a unit, oldest first."""
    return _tasks(session, RECEIVED, [("owner", unit), ("status", "requested,accepted")])


def desk_of(session: Session, unit: str) -> Desk:
    """All that lies on a unit's desk, each part the oldest first."""
    flying = in_flight(session, unit)
    to_read = received(session, unit)
    to_take_up = follow_ups(session, unit)
    names = _names(
        session,
        [
            *(each.patient for each in flying),
            *(str(task["for"]["reference"]) for task in (*to_read, *to_take_up)),
        ],
    )
    titles = _titles(
        session,
        [
            *(each.document for each in flying),
            *(str(task["focus"]["reference"]) for task in (*to_read, *to_take_up)),
        ],
    )
    return Desk(
        received=tuple(_item(task, names, titles) for task in to_read),
        follow_ups=tuple(_item(task, names, titles) for task in to_take_up),
        to_print=tuple(
            (each, names.get(each.patient, ""), titles.get(each.document, ""))
            for each in flying
            if each.recipient.route is Route.PAPER
        ),
        in_flight=tuple(
            (each, names.get(each.patient, ""), titles.get(each.document, ""))
            for each in flying
            if each.recipient.route is not Route.PAPER
        ),
    )


def _item(task: dict[str, Any], names: Mapping[str, str], titles: Mapping[str, str]) -> Item:
    patient, document = str(task["for"]["reference"]), str(task["focus"]["reference"])
    restriction = task.get("restriction", {})
    deadline = reading.moment(restriction.get("period", {}).get("end"))
    return Item(
        task=str(task["id"]),
        patient=patient.partition("/")[2],
        name=names.get(patient, ""),
        document=document.partition("/")[2],
        title=titles.get(document, ""),
        to=str(restriction.get("recipient", [{}])[0].get("display", "")),
        at=reading.moment(task.get("authoredOn")),
        deadline=deadline,
        is_late=deadline is not None and deadline.at < clock.now(),
    )


def _names(session: Session, references: Sequence[str]) -> dict[str, str]:
    return {
        each.reference: reading.name_text(acts.content(each).get("name"))
        for each in patients.read_known(session, _keys(references))
    }


def _titles(session: Session, references: Sequence[str]) -> dict[str, str]:
    return {
        each.reference: str(acts.content(each).get("description", ""))
        for each in patients.read_known(session, _keys(references))
    }


def _keys(references: Sequence[str]) -> list[tuple[str, str]]:
    return [
        (kind, fhir_id)
        for kind, _, fhir_id in (each.partition("/") for each in dict.fromkeys(references))
    ]


def _way_to_unit(data: dict[str, Any]) -> Route:
    tags = data.get("meta", {}).get("tag", ())
    if any(tag.get("code") == OUTSIDER for tag in tags):
        return Route.NATIONAL
    return Route.INSIDE


def _deliveries(session: Session, query: Sequence[tuple[str, str]]) -> list[Delivery]:
    page = records.search(
        session,
        "Task",
        [("code", f"{TASK_SYSTEM}|{DELIVERY}"), ("_count", str(_MOST)), *query],
    )
    return [delivery(acts.content(each), each.version) for each in page.matches]


def _tasks(session: Session, code: str, query: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    page = records.search(
        session,
        "Task",
        [
            ("code", f"{TASK_SYSTEM}|{code}"),
            ("_sort", "authored-on"),
            ("_count", str(_MOST)),
            *query,
        ],
    )
    return [acts.content(each) for each in page.matches]


__all__ = [
    "Desk",
    "Flying",
    "Item",
    "Sent",
    "deliveries_of",
    "delivery_by",
    "desk_of",
    "follow_ups",
    "in_flight",
    "letter_by",
    "letter_file",
    "letter_payload",
    "letters_of",
    "received",
    "recipient_of",
    "to_print",
    "units_by_name",
]
