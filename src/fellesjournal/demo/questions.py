"""What people with home care have asked it in the last weeks, and when they were answered: most in the
two working days that are promised, a few later.
"""

from __future__ import annotations

from fellesjournal.demo.chance import source
from fellesjournal.demo.moments import iso_moment, working_day
from fellesjournal.demo.record import Contact, Record
from fellesjournal.demo.terms import OWN, Element, Resource

DAYS = 61
_PROMISED_DAYS = 2
_ASKED, _LATE = 0.02, 0.12
_EXTENSION = "https://fellesjournal.example/fhir/StructureDefinition/"
_NUMBER = "https://fellesjournal.example/fhir/NamingSystem/conversation"
_UNIT_TAG = "https://fellesjournal.example/fhir/NamingSystem/answering-unit"
_TALKS = (
    ("Kortere besøk i morgen", "Jeg får besøk av familien i morgen. Kan dere komme litt tidligere?",
     "Vi kommer litt før ni i morgen."),
    ("Dosetten", "Dosetten ser annerledes ut denne uken. Stemmer det?",
     "Ja, tablettene har fått et annet utseende. Innholdet er det samme."),
    ("Nøkkelboksen", "Koden til nøkkelboksen er byttet. Hvem skal jeg si det til?",
     "Ring vakttelefonen, så legger vi inn den nye."),
)  # fmt: skip


def ask(record: Record, at: Contact) -> None:
    """Perhaps a question to the unit in the evening after a visit of the last weeks, answered since."""
    rng = source("questions", record.person.key, at.day)
    if record.end - at.day > DAYS or rng.random() >= _ASKED:
        return
    due = at.day
    for _ in range(_PROMISED_DAYS):
        due = working_day(due + 1)
    is_late = rng.random() < _LATE
    answered = working_day(due + 1) if is_late else working_day(at.day + 1)
    if answered > record.end:
        return
    title, words, answer = rng.choice(_TALKS)
    asked = iso_moment(at.day, 18 * 60 + int(rng.random() * 180))
    then = iso_moment(answered, 8 * 60 + int(rng.random() * 400))
    deadline = iso_moment(due + 1, 0)
    first = _first(record, at, title, words, asked, deadline)
    _answer(record, at, first, answer, then)
    _owed(record, at, first, asked, deadline, then)


def _first(
    record: Record, at: Contact, title: str, words: str, asked: str, deadline: str
) -> Resource:
    body: Element = {
        "extension": [{"url": _EXTENSION + "answer-by", "valueDateTime": deadline}],
        "identifier": [{"system": _NUMBER, "value": f"demo.{record.person.key}.{at.day}"}],
        "status": "in-progress",
        "category": [_conversation()],
        "topic": {"text": title},
        "subject": record.subject,
        "recipient": [at.unit.ref],
        "sent": asked,
        "sender": record.subject,
        "payload": [{"contentString": words}],
    }
    return record.add("Communication", "question", body, of=at.unit)


def _answer(record: Record, at: Contact, first: Resource, words: str, then: str) -> None:
    pointer = {"reference": f"Communication/{first['id']}"}
    body: Element = {
        "extension": [
            {"url": _EXTENSION + "answering-unit", "valueReference": at.unit.ref},
            {"url": _EXTENSION + "read-by",
             "extension": [{"url": "who", "valueReference": record.subject},
                           {"url": "at", "valueDateTime": then}]},
        ],
        "identifier": [{"system": _NUMBER, "value": f"demo.answer.{record.person.key}.{at.day}"}],
        "partOf": [pointer],
        "inResponseTo": [pointer],
        "status": "completed",
        "category": [_conversation()],
        "subject": record.subject,
        "recipient": [record.subject],
        "sent": then,
        "received": then,
        "sender": at.worker.ref,
        "payload": [{"contentString": words}],
    }  # fmt: skip
    record.add("Communication", "answer", body, of=at.unit)


def _owed(
    record: Record, at: Contact, first: Resource, asked: str, deadline: str, then: str
) -> None:
    part = OWN + "message-task"
    body: Element = {
        "extension": [{"url": _EXTENSION + "answering-unit", "valueReference": at.unit.ref}],
        "identifier": [{"system": _NUMBER, "value": f"answer.{first['id']}"}],
        "status": "completed",
        "intent": "order",
        "code": {"coding": [{"system": OWN + "task-code", "code": "message-answer"}]},
        "focus": {"reference": f"Communication/{first['id']}"},
        "for": record.subject,
        "authoredOn": asked,
        "lastModified": then,
        "executionPeriod": {"end": then},
        "restriction": {"period": {"start": asked, "end": deadline}},
        "owner": at.worker.ref,
        "input": [
            {"type": {"coding": [{"system": part, "code": "message"}]},
             "valueReference": {"reference": f"Communication/{first['id']}"}},
        ],
        "output": [
            {"type": {"coding": [{"system": part, "code": "outcome"}]}, "valueCode": "answered"},
            {"type": {"coding": [{"system": part, "code": "by"}]}, "valueReference": at.worker.ref},
        ],
    }  # fmt: skip
    task = record.add("Task", "answered", body, of=at.unit)
    tags = [*task["meta"]["tag"], {"system": _UNIT_TAG, "code": at.unit.key}]
    task["meta"] = {**task["meta"], "tag": tags}


def _conversation() -> Element:
    return {"coding": [{"system": OWN + "communication-category", "code": "conversation"}]}
