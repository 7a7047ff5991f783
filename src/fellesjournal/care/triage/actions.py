"""What people do about those who call or come: take in, triage, see to, and end with an outcome.

Each step is one version of one Encounter, so that two who act at once never both succeed: who
takes a patient has her, and the other is told by whom.
"""

from __future__ import annotations

from fellesjournal.access import acts, patients, records
from fellesjournal.access.acts import Operation, Tell, act, change, create, meanwhile
from fellesjournal.access.discharges import LEAST_WORDS
from fellesjournal.access.emergency_contacts import BEGUN_NOW, begin
from fellesjournal.access.sessions import Session
from fellesjournal.access.waiting import IN_WORDS, MISTAKE, OUTCOMES
from fellesjournal.care.triage import codes, events
from fellesjournal.care.triage.codes import Urgency, Way
from fellesjournal.care.triage.queries import OPEN, scale_at
from fellesjournal.care.triage.refusals import ContactRefused, Why
from fellesjournal.care.triage.resources import (
    Contact,
    Person,
    Resource,
    answered,
    arrived,
    before_taken,
    contact_of,
    ended,
    in_status,
    new_contact,
    triage,
    with_urgency,
)
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction


def register(
    session: Session,
    *,
    patient: str,
    number: str,
    way: Way,
    reason: str,
    urgency: Urgency = Urgency.UNSET,
    words: str = "",
) -> Contact:
    """Take in somebody (an id) who calls, or stands at the desk; her record may be closed.

    The contact opens it to the clinic (access/emergency_contacts.py). ``number`` identifies the
    form: sent twice, she is taken in once (INV-8). ``words`` are what the triage heard. Raises
    ContactRefused (NO_REASON; NO_SUCH_LEVEL; ALREADY_WAITS with the contact there is); NotAllowed
    for a role or a unit that takes no calls.
    """
    if not reason.strip():
        raise ContactRefused(Why.NO_REASON)
    _check_level(session, urgency)
    made_before = _of_form(session, patient, number)
    if made_before is not None:
        return made_before
    me, unit = _named(session, session.person, session.unit)
    now = clock.now()
    encounter = new_contact(
        number=number, patient=f"Patient/{patient}", unit=unit, by=me, way=way, urgency=urgency,
        reason=reason.strip(), at=now,
    )  # fmt: skip
    # two who take her in at once take her in once
    unless = f"patient=Patient/{patient}&service-provider={session.unit}&class=EMER&status={OPEN}"
    found = triage(
        patient=f"Patient/{patient}", contact=BEGUN_NOW, urgency=urgency, words=words.strip(),
        by=me, at=now,
    )  # fmt: skip
    with transaction():
        stood = begin(session, encounter, found if urgency else None, unless=unless)
        data = acts.content(stood)
        made = contact_of(data, stood.version)
        if not _is_of_form(data, number):
            raise ContactRefused(Why.ALREADY_WAITS, contact=made.id)
    return made


def arrive(session: Session, *, patient: str, contact_id: str) -> Contact:
    """She who was expected is here; she is to be looked at anew.

    Raises ContactRefused (HERE_ALREADY, OVER, NOT_HERE).
    """

    def once() -> Contact:
        encounter, contact = _load_open(session, patient, contact_id)
        if not contact.is_expected:
            raise ContactRefused(Why.HERE_ALREADY)
        (me,) = _named(session, session.person)
        return _change(session, contact, arrived(encounter, me, clock.now()))

    return meanwhile(once)


def set_urgency(
    session: Session, *, patient: str, contact_id: str, seen: int, urgency: Urgency, words: str = ""
) -> Contact:
    """Triage, or triage again: how urgent it is now, with the time and who has looked.

    Raises ContactRefused (NO_SUCH_LEVEL, OVER, NOT_HERE), PreconditionFailed.
    """
    if not urgency:
        raise ContactRefused(Why.NO_SUCH_LEVEL)
    _check_level(session, urgency)
    encounter, contact = _load_open(session, patient, contact_id)
    (me,) = _named(session, session.person)
    changed = with_urgency(encounter, urgency, clock.now())
    found = triage(
        patient=contact.patient, contact=contact.reference, urgency=urgency, words=words.strip(),
        by=me, at=clock.now(),
    )  # fmt: skip
    return _change(session, contact, changed, create(found), seen=seen)


def take(session: Session, *, patient: str, contact_id: str, instead_of: str = "") -> Contact:
    """See to a patient: she is mine. Taken twice by the same, she is taken once.

    ``instead_of`` is the colleague (``Practitioner/1``) from whom she is taken over. Raises
    ContactRefused (TAKEN, with who has her; OVER; NOT_HERE).
    """

    def once() -> Contact:
        encounter, contact = _load_open(session, patient, contact_id)
        if contact.is_taken and contact.owner.reference == session.person:
            return contact
        if contact.is_taken and contact.owner.reference != instead_of:
            raise ContactRefused(Why.TAKEN, who=contact.owner.name)
        (me,) = _named(session, session.person)
        now = clock.now()
        mine = in_status(answered(encounter, codes.SEES, me, now), "in-progress", now)
        return _change(session, contact, mine)

    return meanwhile(once)


def hand_back(session: Session, *, patient: str, contact_id: str) -> Contact:
    """Nobody sees to her any more: she waits as before, and the unit answers for her.

    Raises ContactRefused (NOT_TAKEN, OVER, NOT_HERE).
    """

    def once() -> Contact:
        encounter, contact = _load_open(session, patient, contact_id)
        if not contact.is_taken:
            raise ContactRefused(Why.NOT_TAKEN)
        now = clock.now()
        back = answered(encounter, codes.ANSWERS, None, now)
        return _change(session, contact, in_status(back, before_taken(encounter), now))

    return meanwhile(once)


def end(
    session: Session, *, patient: str, contact_id: str, seen: int, outcome: str, words: str = ""
) -> Contact:
    """Say how it ended; only so does somebody leave the board. The GP is told of it.

    ``outcome`` is a code of ``access.waiting.OUTCOMES``. Raises ContactRefused (NO_WORDS, OVER,
    NOT_HERE), ValueError for no outcome, PreconditionFailed.
    """
    if outcome not in OUTCOMES:
        raise ValueError(outcome)
    said = words.strip()
    if outcome in IN_WORDS and len(said) < LEAST_WORDS:
        raise ContactRefused(Why.NO_WORDS)
    encounter, contact = _load_open(session, patient, contact_id)
    (me,) = _named(session, session.person)
    over = ended(encounter, outcome=outcome, words=said, by=me, at=clock.now())
    event = events.of_contact(
        events.ENDED, contact.patient, contact.reference, contact.unit.reference,
        outcome=outcome, urgency=contact.urgency, by=session.person,
    )  # fmt: skip
    told = [] if outcome == MISTAKE else [event]
    return _change(session, contact, over, seen=seen, tell=lambda _: told)


def _change(
    session: Session,
    contact: Contact,
    changed: Resource,
    *more: Operation,
    seen: int | None = None,
    tell: Tell | None = None,
) -> Contact:
    version = contact.version if seen is None else seen
    stood, *_ = act(session, [change(changed, seen=version), *more], tell)
    return contact_of(acts.content(stood), stood.version)


def _load_open(session: Session, patient: str, contact_id: str) -> tuple[Resource, Contact]:
    encounter, version = acts.read(session, "Encounter", contact_id)
    contact = contact_of(encounter, version)
    is_emergency = (encounter.get("class") or {}).get("code") == "EMER"
    if contact.patient != f"Patient/{patient}" or not is_emergency:
        raise NotFound(f"Encounter/{contact_id} is not known")
    if contact.unit.reference != session.unit:
        raise ContactRefused(Why.NOT_HERE)
    if not contact.is_open:
        raise ContactRefused(Why.OVER)
    return encounter, contact


def _check_level(session: Session, urgency: Urgency) -> None:
    if urgency and urgency not in scale_at(session, session.unit).levels:
        raise ContactRefused(Why.NO_SUCH_LEVEL)


def _of_form(session: Session, patient: str, number: str) -> Contact | None:
    """The contact that this form has made before, whatever has become of it."""
    asked = [("patient", f"Patient/{patient}"), ("identifier", f"{codes.CONTACT_NUMBER}|{number}")]
    for stored in records.search(session, "Encounter", asked).matches:
        return contact_of(acts.content(stored), stored.version)
    return None


def _is_of_form(encounter: Resource, number: str) -> bool:
    return any(
        (each.get("system"), each.get("value")) == (codes.CONTACT_NUMBER, number)
        for each in reading.elements(encounter.get("identifier"))
    )


def _named(session: Session, *references: str) -> list[Person]:
    """Persons and units of the directory with their names, in this order."""
    pairs = [(kind, key) for kind, _, key in (each.partition("/") for each in references) if key]
    names = {}
    for stored in patients.read_known(session, pairs):
        name = acts.content(stored).get("name")
        names[stored.reference] = name if isinstance(name, str) else reading.name_text(name)
    return [Person(each, names.get(each, "")) for each in references]


__all__ = ["arrive", "end", "hand_back", "register", "set_urgency", "take"]
