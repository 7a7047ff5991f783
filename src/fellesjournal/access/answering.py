"""Who answers for a piece of work at a moment: its owner while she is at work, else who stands in
for her, else the unit, else a unit where somebody is at work (INV-28). Whatever lies waiting for
somebody, a result or a reading from home, is kept from becoming nobody's by this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from fellesjournal.access import patients, records
from fellesjournal.access.relations.derive import ANSWERING_UNIT
from fellesjournal.access.sessions import Session
from fellesjournal.access.staffing import Post, answering, has_left, post_of
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element
from fellesjournal.foundation import clock

Resource = dict[str, Any]


class Why(StrEnum):
    """Why a piece of work is hers to answer for; NOT when it is a colleague's."""

    OWN = "own"
    SUBSTITUTE = "substitute"
    AWAY = "away"
    UNIT = "unit"
    ESCALATED = "escalated"
    NOT = "not"


# More levels than any organisation has; a circle of parents ends here.
_DEEPEST = 12
UNIT_TAG = "https://fellesjournal.example/fhir/NamingSystem/answering-unit"
"""The tag that a Task is found by for the unit that answers for it; the id of the Organization."""


@dataclass(frozen=True, slots=True)
class Answerable:
    """Who owns a result (a Practitioner, or the unit itself) and the unit beside her, each as
    ``Type/id`` with a name.
    """

    owner: str
    owner_name: str
    unit: str
    unit_name: str

    @property
    def owner_pointer(self) -> dict[str, str]:
        """The owner as a FHIR Reference."""
        return _pointer(self.owner, self.owner_name)

    @property
    def unit_pointer(self) -> dict[str, str]:
        """The unit as a FHIR Reference."""
        return _pointer(self.unit, self.unit_name)


def posts_of(session: Session, unit: str) -> list[Post]:
    """The posts at a unit, held now or not."""
    return _posts(session, [("organization", unit)])


def _posts(session: Session, query: list[tuple[str, str]]) -> list[Post]:
    """Who is not active any more herself holds no post, whatever her roles say: as at the door."""
    found: list[Post] = []
    asked = [*query, ("_include", "PractitionerRole:practitioner"), ("_count", "500")]
    cursor: str | None = None
    while True:
        page = records.search(session, "PractitionerRole", asked, cursor=cursor)
        inactive = {
            f"{each.type}/{each.id}"
            for each in page.included
            if orjson.loads(each.body or b"{}").get("active") is False
        }
        for each in page.matches:
            post = post_of(orjson.loads(each.body or b"{}"))
            if post is not None:
                is_out = post.practitioner in inactive
                found.append(replace(post, active=False) if is_out else post)
        cursor = page.next
        if cursor is None:
            return found


def settled(session: Session, owner: str, unit: str, patient: str, at: datetime) -> Answerable:
    """``owner`` at ``unit`` when that holds, else what comes nearest: the unit when she has left
    it; a unit above, or that of the patient's list GP, when nobody here is at work who may
    answer. When nobody is anywhere, it stays with the unit that was asked first.
    """
    kept = owner
    for place in _places(session, unit, patient):
        posts = posts_of(session, place)
        if place == unit and kept != unit and has_left(kept, posts, at):
            kept = unit
        if answering(kept, posts, at):
            return named(session, kept if place == unit else place, place)
    return named(session, kept, unit)


def owners_for(session: Session, posts: Sequence[Post], at: datetime) -> set[str]:
    """Whose work she who asks does at her unit: her own, and theirs for whom she stands in."""
    owners = {session.person}
    for each in posts:
        if each.practitioner == session.person and each.at_work(at):
            owners |= {held for held in each.stands_in_for if held.startswith("Practitioner/")}
    return owners


def why(
    session: Session,
    owner: str,
    unit: str,
    *,
    is_escalated: bool,
    posts: Sequence[Post],
    at: datetime,
) -> Why:
    """Whether work of this owner at this unit is hers who asks, and why."""
    if owner == session.person:
        return Why.OWN
    if unit != session.unit:
        return Why.NOT
    if session.person in answering(owner, posts, at):
        if owner == unit:
            return Why.UNIT
        stands_in = any(
            each.practitioner == session.person and each.at_work(at) and each.stands_in_for
            for each in posts
        )
        return Why.SUBSTITUTE if stands_in else Why.AWAY
    return Why.ESCALATED if is_escalated else Why.NOT


def handed_on(task: Resource, owner: Element, unit: Element) -> Resource:
    """A tagged Task with another owner and another unit."""
    others = [each for each in task.get("extension", ()) if each.get("url") != ANSWERING_UNIT]
    return {
        **task,
        "meta": {"tag": [unit_tag(unit)]},
        "owner": owner,
        "extension": [*others, {"url": ANSWERING_UNIT, "valueReference": unit}],
        "lastModified": clock.now().isoformat(timespec="seconds"),
    }


def of_unit(unit: str) -> tuple[str, str]:
    """What the tagged Tasks of a unit (``Organization/1``) are searched by."""
    return "_tag", f"{UNIT_TAG}|{unit.partition('/')[2]}"


def unit_tag(unit: Element) -> dict[str, str]:
    """The tag of a Task that a unit (a FHIR Reference) answers for."""
    return {"system": UNIT_TAG, "code": str(unit["reference"]).partition("/")[2]}


def working(session: Session, pointer: object, unit: str) -> Iterator[tuple[str, str]]:
    """(owner, unit): where a Practitioner, PractitionerRole or Organization works."""
    target = reading.reference_target(pointer)
    kind = target.partition("/")[0]
    if kind == "Organization":
        yield target, target
    elif kind == "PractitionerRole":
        for role in read_references(session, [target]):
            post = post_of(role)
            if post is not None:
                yield post.practitioner, unit or post.unit
    elif kind == "Practitioner":
        if unit:
            yield target, unit
            return
        posts = _posts(session, [("practitioner", target)])
        for post in sorted(posts, key=lambda each: not each.active):
            yield target, post.unit


def _places(session: Session, unit: str, patient: str) -> Iterator[str]:
    """The unit, those above it, then those of the patient's list GP; each once, the open ones."""
    seen: set[str] = set()
    for place in _upwards(session, unit):
        seen.add(place)
        yield place
    for person in read_references(session, [patient]):
        for pointer in reading.elements(person.get("generalPractitioner")):
            for _, place in working(session, pointer, ""):
                if place not in seen:
                    seen.add(place)
                    yield place


def _upwards(session: Session, unit: str) -> Iterator[str]:
    place, seen = unit, set[str]()
    while place and place not in seen and len(seen) < _DEEPEST:
        seen.add(place)
        found = read_references(session, [place])
        parent = reading.reference_target(found[0].get("partOf")) if found else ""
        if found and found[0].get("active") is not False:
            yield place
        place = parent


def named(session: Session, owner: str, unit: str) -> Answerable:
    """Owner and unit with their names."""
    names = {
        f"{each.get('resourceType')}/{each.get('id')}": _name(each)
        for each in read_references(session, [owner, unit])
    }
    return Answerable(owner, names.get(owner, ""), unit, names.get(unit, ""))


def _name(resource: Element) -> str:
    name = resource.get("name")
    return name if isinstance(name, str) else reading.name_text(name)


def read_references(session: Session, references: list[str]) -> list[Element]:
    """Those of the resources (``Practitioner/1``) that stand, in one read."""
    pairs = [
        (kind, fhir_id) for kind, _, fhir_id in (each.partition("/") for each in references)
        if fhir_id
    ]  # fmt: skip
    return [
        orjson.loads(stored.body)
        for stored in patients.read_known(session, pairs)
        if stored.body
    ]  # fmt: skip


def _pointer(reference: str, name: str) -> dict[str, str]:
    return {"reference": reference, "display": name} if name else {"reference": reference}


__all__ = [
    "UNIT_TAG",
    "Answerable",
    "Why",
    "handed_on",
    "named",
    "of_unit",
    "owners_for",
    "posts_of",
    "read_references",
    "settled",
    "unit_tag",
    "why",
    "working",
]
