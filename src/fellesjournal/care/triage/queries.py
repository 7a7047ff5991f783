"""Reading who waits at a clinic, one contact, and what each triage of it found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from fellesjournal.access import acts, records
from fellesjournal.access.acts import Stored
from fellesjournal.access.answering import posts_of, read_references
from fellesjournal.access.emergency_contacts import waiting_at
from fellesjournal.access.relations.derive import AWAITED
from fellesjournal.access.sessions import Session
from fellesjournal.access.staffing import Post
from fellesjournal.care.triage import codes
from fellesjournal.care.triage.resources import Contact, Triage, contact_of, triage_of
from fellesjournal.care.triage.scales import Scale, rank, scale_of
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock

OPEN = ",".join(sorted(AWAITED))
"""The statuses of a contact that nobody has ended, as a search asks for them."""
_PAGE = "200"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody on the board. ``owner`` is the unit's name when nobody answers by name, or she who
    did is not at work (``is_units``).
    """

    contact: Contact
    waited: timedelta
    limit: timedelta
    owner: str
    is_units: bool

    @property
    def minutes(self) -> int:
        """How long, in whole minutes."""
        return max(0, int(self.waited.total_seconds() // 60))

    @property
    def hours(self) -> int:
        """The whole hours of it."""
        return self.minutes // 60

    @property
    def rest(self) -> int:
        """The minutes beside the whole hours."""
        return self.minutes % 60

    @property
    def limit_minutes(self) -> int:
        """How long she may wait by her urgency."""
        return int(self.limit.total_seconds() // 60)

    @property
    def is_over(self) -> bool:
        """Whether she has waited longer than her urgency may, and nobody sees to her."""
        return self.contact.is_open and not self.contact.is_taken and self.waited > self.limit


@dataclass(frozen=True, slots=True)
class Board:
    """All of a clinic who have not been given an outcome; each stands in one of the two lists, the
    most urgent first, then who has waited longest.
    """

    waiting: tuple[Waiting, ...]
    taken: tuple[Waiting, ...]
    scale: Scale

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.waiting) + len(self.taken)

    @property
    def over(self) -> int:
        """How many have waited too long."""
        return sum(each.is_over for each in self.waiting)


def board(session: Session) -> Board:
    """Everybody at the unit of who asks whose contact nobody has ended.

    Who has closed her record to who asks waits all the same: of her stand urgency, time and who
    answers, and neither who she is nor why she came (``is_closed``).
    """
    scale = scale_at(session, session.unit)  # first: the unit is then known to the searches
    query = [("service-provider", session.unit), ("class", f"{codes.ACT_CODE}|EMER"),
             ("status", OPEN), ("_sort", "date")]  # fmt: skip
    contacts = _contacts(_all(session, "Encounter", query))
    seen = {each.id for each in contacts}
    others = _contacts(each for each in waiting_at(session) if each.id not in seen)
    contacts += [replace(each, id="", patient="", reason="", is_closed=True) for each in others]
    posts, now = posts_of(session, session.unit), clock.now()
    rows = sorted((_waiting(each, scale, posts, now) for each in contacts), key=_order)
    return Board(
        tuple(each for each in rows if not each.contact.is_taken),
        tuple(each for each in rows if each.contact.is_taken),
        scale,
    )


def waiting(session: Session, contact: Contact, scale: Scale) -> Waiting:
    """How long one contact has waited by the scale of its unit, and who answers for it now."""
    return _waiting(contact, scale, posts_of(session, contact.unit.reference), clock.now())


def contact_by(session: Session, patient_id: str, contact_id: str) -> Contact:
    """One contact of this patient. Raises NotFound, also for another's, and for what is none."""
    stored = records.read(session, "Encounter", contact_id)
    encounter = acts.content(stored)
    found = contact_of(encounter, stored.version)
    is_emergency = (encounter.get("class") or {}).get("code") == "EMER"
    if found.patient != f"Patient/{patient_id}" or not is_emergency:
        raise NotFound(f"Encounter/{contact_id} is not known")
    return found


def open_contact(session: Session, patient_id: str) -> Contact | None:
    """The contact of a patient at the unit of who asks that nobody has ended."""
    query = [("patient", f"Patient/{patient_id}"), ("service-provider", session.unit),
             ("class", f"{codes.ACT_CODE}|EMER"), ("status", OPEN)]  # fmt: skip
    return next(iter(_contacts(_all(session, "Encounter", query))), None)


def triages_of(session: Session, contact: Contact) -> tuple[Triage, ...]:
    """What each triage of a contact found, newest first."""
    query = [("patient", contact.patient), ("encounter", contact.reference),
             ("code", f"{codes.TRIAGE}|{codes.TRIAGED}")]  # fmt: skip
    found = sorted(_all(session, "Observation", query), key=lambda each: -each.seq)
    return tuple(triage_of(acts.content(each)) for each in found)


def scale_at(session: Session, unit: str) -> Scale:
    """The scale and the limits of a clinic (``Organization/1``)."""
    return next((scale_of(each) for each in read_references(session, [unit])), Scale())


def all_open(session: Session) -> tuple[Contact, ...]:
    """Everybody everywhere whose contact nobody has ended; for the clock."""
    query = [("class", f"{codes.ACT_CODE}|EMER"), ("status", OPEN)]
    return tuple(_contacts(_all(session, "Encounter", query)))


def _waiting(contact: Contact, scale: Scale, posts: Sequence[Post], now: datetime) -> Waiting:
    since = contact.waits_since
    who = contact.owner.reference
    at_work = any(each.practitioner == who and each.at_work(now) for each in posts)
    return Waiting(
        contact=contact,
        waited=timedelta(0) if since is None else now - since,
        limit=scale.limit(contact.urgency),
        owner=contact.owner.name if at_work else contact.unit.name,
        is_units=not at_work,
    )


def _order(row: Waiting) -> tuple[int, timedelta, str]:
    return rank(row.contact.urgency), -row.waited, row.contact.id


def _contacts(found: Iterable[Stored]) -> list[Contact]:
    return [contact_of(acts.content(each), each.version) for each in found]


def _all(session: Session, kind: str, query: Sequence[tuple[str, str]]) -> list[Stored]:
    """All matches of a search, page by page: nobody is left out of a count."""
    found: list[Stored] = []
    cursor: str | None = None
    while True:
        page = records.search(session, kind, [*query, ("_count", _PAGE)], cursor=cursor)
        found += page.matches
        if page.next is None:
            return found
        cursor = page.next


__all__ = [
    "OPEN", "Board", "Waiting", "all_open", "board", "contact_by", "open_contact", "scale_at",
    "triages_of", "waiting",
]  # fmt: skip
