"""What follows when a reading was looked into: the citizen is told, and somebody follows it up.

norway.md section 9 L4: on unlawful access both the source entity and the person are notified
(case workflow). Whether a reading that was not justified was unlawful is not ours to say; that
both are notified of it all the same, by the data protection officer and with a notice, is an
assumption. Both are written with the decision, or the decision is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from fellesjournal.access.notice_words import LANGUAGES, Found, notice
from fellesjournal.access.officers import Officer, officer
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.policy.opening import RULES
from fellesjournal.access.readlog.acts import Act
from fellesjournal.access.readlog.audit_event import event_id
from fellesjournal.access.readlog.queries import Line, Names, bodies_of, line, names_of
from fellesjournal.access.relations.derive import (
    ACCESS_FOLLOW_UP,
    ACCESS_OUTCOME,
    NOTICE_SYSTEM,
    TASK_SYSTEM,
)
from fellesjournal.access.reviews import OUTCOME_SYSTEM, PLATFORM, Outcome
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.foundation import clock

LINE_SYSTEM = "https://fellesjournal.example/fhir/NamingSystem/log-line"
"""Our own naming system: a line of the read log about one patient, as the id of its AuditEvent."""
OPENING_SYSTEM = "https://fellesjournal.example/fhir/NamingSystem/opening"
"""Our own naming system: the number of an opening of a closed record."""
_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Matter:
    """What was looked into: lines of the log about one patient (her number when they were
    written), newest first and at least one; who she is (``Patient/1``); the id of the Task by
    which; and the number of the opening (0: none).
    """

    lines: tuple[Line, ...]
    patient: int
    subject: str
    task: str
    opening: int = 0

    @property
    def first(self) -> Line:
        """The line that it began with: it says who, and for whom she worked then."""
        return self.lines[-1]

    @property
    def is_emergency(self) -> bool:
        """Whether the record was opened by breaking the glass."""
        kind = self.first.kind(self.patient)
        return self.first.act is Act.OPEN or kind == GroundKind.BREAK_GLASS


def of_opening(number: int, patient: int, subject: str, task: str) -> Matter:
    """The matter of a broken glass. Raises LookupError when the log has no line of it."""
    database = PLATFORM.connection()
    row = database.execute(
        "select l.id, l.chain from access.log l"
        " where l.patients @> array[%s::bigint] and l.act = %s and l.decision = %s",
        [patient, int(Act.OPEN), number],
    ).fetchone()
    found = None if row is None else line(database, f"{row[0]}.{row[1]}")
    if found is None:
        raise LookupError(f"no line tells of the opening {number}")
    return Matter((found,), patient, subject, task, number)


def conclude(session: Session, matter: Matter, outcome: Outcome) -> None:
    """Tell the citizen what was found; where it was not justified, have it followed up as well.

    Inside the transaction of the decision. Raises NobodyToTell when nobody could follow up.
    """
    names = names_of(PLATFORM.connection(), matter.lines)
    who = matter.first.who
    taker = officer(PLATFORM, unit=who.unit, but=who.person)
    by = _reviewer(session)
    told = _create("Communication", _notice(matter, names, taker, by, outcome))
    if outcome is Outcome.NOT_JUSTIFIED:
        _create("Task", _follow_up(session, matter, names, taker, told))


# --- the notice -----------------------------------------------------------------------------------


def _notice(
    matter: Matter, names: Names, taker: Officer, by: Mapping[str, str], outcome: Outcome
) -> Json:
    """http://hl7.org/fhir/R4/communication.html: sent, with the text in three languages."""
    who = matter.first.who
    text = notice(
        Found(
            who=_placed(names.name(who.person), names.name(who.unit), _entity(matter, names)),
            day=matter.first.at.astimezone(clock.NORWAY).date(),
            by=by["display"],
            source=_entity(matter, names),
            contact=", ".join(filter(None, (taker.place, taker.contact))),
            is_emergency=matter.is_emergency,
            is_justified=outcome is Outcome.JUSTIFIED,
        )
    )
    own, *others = LANGUAGES
    about = [_named("AuditEvent", LINE_SYSTEM, event_id(x, matter.patient)) for x in matter.lines]
    if matter.opening:
        about.append({"identifier": {"system": OPENING_SYSTEM, "value": str(matter.opening)}})
    return {
        "resourceType": "Communication",
        "language": own,
        "status": "completed",
        "category": [{"coding": [{"system": NOTICE_SYSTEM, "code": ACCESS_OUTCOME}]}],
        "topic": {"coding": [{"system": OUTCOME_SYSTEM, "code": outcome.value}]},
        "subject": {"reference": matter.subject},
        "recipient": [{"reference": matter.subject}],
        "sender": dict(by),
        "sent": _now(),
        "about": about,
        "payload": [
            {
                "contentString": text[own],
                "_contentString": {
                    "extension": [_translation(language, text[language]) for language in others]
                },
            }
        ],
    }


def _translation(language: str, text: str) -> Json:
    """See http://hl7.org/fhir/R4/extension-translation.html."""
    return {
        "url": _TRANSLATION,
        "extension": [
            {"url": "lang", "valueCode": language},
            {"url": "content", "valueString": text},
        ],
    }


def _named(kind: str, system: str, value: str) -> Json:
    return {"type": kind, "identifier": {"system": system, "value": value}}


# --- the follow-up --------------------------------------------------------------------------------


def _follow_up(session: Session, matter: Matter, names: Names, taker: Officer, told: str) -> Json:
    """http://hl7.org/fhir/R4/task.html: asked by who decided, owned by a data protection officer."""
    who = matter.first.who
    inputs = [
        ("source-entity", who.organisation or who.unit),
        ("unit", who.unit),
        ("read-by", who.person),
    ]
    return {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "priority": "urgent",
        "code": {"coding": [{"system": TASK_SYSTEM, "code": ACCESS_FOLLOW_UP}]},
        "for": {"reference": matter.subject},
        "focus": {"reference": f"Communication/{told}"},
        "partOf": [{"reference": f"Task/{matter.task}"}],
        "authoredOn": _now(),
        "lastModified": _now(),
        "requester": {"reference": session.person},
        "owner": {"reference": taker.reference, "display": taker.title},
        "restriction": {"period": {"end": _now(RULES.followed_up_within)}},
        "input": [
            {
                "type": {"coding": [{"system": TASK_SYSTEM, "code": code}]},
                "valueReference": {"reference": reference, "display": names.name(reference) or reference},
            }
            for code, reference in inputs
            if "/" in reference
        ]
        + [
            {
                "type": {"coding": [{"system": TASK_SYSTEM, "code": "log-line"}]},
                "valueString": f"AuditEvent/{event_id(each, matter.patient)}",
            }
            for each in matter.lines
        ],
    }  # fmt: skip


# --- parts ----------------------------------------------------------------------------------------


def _create(kind: str, data: Json) -> str:
    body = bodies.parse(orjson.dumps(data))
    (written,) = write(PLATFORM, [Operation("create", kind, body=body)])
    assert written.stored is not None  # a create always leaves something
    return written.stored.id


def _entity(matter: Matter, names: Names) -> str:
    """The organisation whose employee it was, as it stood then."""
    who = matter.first.who
    return names.name(who.organisation) or names.name(who.unit) or "–"


def _placed(name: str, *places: str) -> str:
    where = ", ".join(dict.fromkeys(filter(None, places)))
    return f"{name or '–'} ({where})" if where else name or "–"


def _reviewer(session: Session) -> dict[str, str]:
    """Who decided, as a Reference: the organisation that her unit belongs to."""
    row = session.connection().execute(
        "select coalesce(current_setting('fj.organisation', true), '')"
    ).fetchone()  # fmt: skip
    organisation = row[0] if row and row[0] else session.unit
    known = Names(bodies_of(PLATFORM.connection(), {organisation, session.unit}))
    places = dict.fromkeys((known.name(session.unit), known.name(organisation)))
    return {"reference": organisation, "display": ", ".join(filter(None, places)) or organisation}


def _now(later: Any = None) -> str:
    moment = clock.now() if later is None else clock.now() + later
    return moment.astimezone(clock.NORWAY).isoformat(timespec="seconds")


__all__ = ["LINE_SYSTEM", "OPENING_SYSTEM", "Matter", "conclude", "of_opening"]
