"""Who answers for a result at a moment: she who asked for it while she is at work, else who
stands in for her, else the unit (INV-28). Worked out from PractitionerRoles alone, so that an
absence counts from the moment it begins, whatever has run since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access.moments import end_of, start_of
from fellesjournal.access.policy.roles import STAFF_ROLE_SYSTEM, role_of
from fellesjournal.access.relations.rows import STANDS_IN_FOR
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element

# Assumption (configurable): doctors and nurses may acknowledge a result for their unit.
ANSWERING_ROLES = frozenset({"doctor", "nurse"})

Span = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Post:
    """One PractitionerRole: who works where, when, when she is away, and whom she stands in for
    (Practitioner or PractitionerRole). References as ``Practitioner/1``.
    """

    reference: str
    practitioner: str
    unit: str
    role: str
    name: str
    period: Span
    away: tuple[Span, ...] = ()
    stands_in_for: tuple[str, ...] = ()
    active: bool = True

    def holds(self, at: datetime) -> bool:
        """Whether she has this post at a moment, at work or not."""
        return self.active and _within(self.period, at)

    def at_work(self, at: datetime) -> bool:
        """Whether she has this post, and is not away from it."""
        return self.holds(at) and not any(_within(span, at) for span in self.away)

    def turns_after(self, at: datetime) -> list[datetime]:
        """When she will be missed: absences that begin, and the end of the post."""
        moments = [start for start, _ in self.away] + [self.period[1]]
        return sorted({each for each in moments if each is not None and each > at})

    @property
    def may_answer(self) -> bool:
        """Whether the role is one that may acknowledge results."""
        found = role_of(self.role)
        return found is not None and found.code in ANSWERING_ROLES


def post_of(role: Element) -> Post | None:
    """A PractitionerRole as a post; None when it names nobody, no unit or no time that can be
    read: such a role gives nothing, here as at the door.
    """
    codes = [
        code
        for concept in reading.elements(role.get("code"))
        for system, code, _ in reading.codings(concept)
        if system == STAFF_ROLE_SYSTEM
    ]
    who = reading.reference_target(role.get("practitioner"))
    where = reading.reference_target(role.get("organization"))
    if not (codes and who and where):
        return None
    try:
        return Post(
            reference=f"PractitionerRole/{role.get('id')}",
            practitioner=who,
            unit=where,
            role=codes[0],
            name=reading.reference_text(role.get("practitioner")),
            period=_span(role.get("period")),
            away=tuple(
                _span(each.get("during"))
                for each in reading.elements(role.get("notAvailable"))
                if "during" in each
            ),
            stands_in_for=tuple(
                reading.reference_target(each.get("valueReference"))
                for each in reading.elements(role.get("extension"))
                if each.get("url") == STANDS_IN_FOR
            ),
            active=role.get("active") is not False,
        )
    except ValueError:
        return None


def _span(period: object) -> Span:
    if not isinstance(period, Mapping):
        return None, None
    start, end = period.get("start"), period.get("end")
    return (
        start_of(start) if isinstance(start, str) else None,
        end_of(end) if isinstance(end, str) else None,
    )


def _within(span: Span, at: datetime) -> bool:
    start, end = span
    return (start is None or start <= at) and (end is None or at < end)


def substitutes(owner: str, posts: Iterable[Post], at: datetime) -> list[Post]:
    """Who stands in for ``owner`` (a Practitioner) and is at work; herself never."""
    listed = list(posts)
    meant = {owner, *(each.reference for each in listed if each.practitioner == owner)}
    return [
        each
        for each in listed
        if each.practitioner != owner and meant.intersection(each.stands_in_for)
        and each.at_work(at)
    ]  # fmt: skip


def answering(owner: str, posts: Sequence[Post], at: datetime) -> frozenset[str]:
    """The Practitioners who answer for what ``owner`` owns, among the posts of its unit.

    ``owner`` is a Practitioner or the unit itself. Empty only when nobody at the unit who may
    answer is at work: then it is another unit's (:mod:`.owning`).
    """
    if any(each.practitioner == owner and each.at_work(at) for each in posts):
        return frozenset({owner})
    found = [each for each in substitutes(owner, posts, at) if each.may_answer]
    if not found:
        found = [each for each in posts if each.may_answer and each.at_work(at)]
    return frozenset(each.practitioner for each in found)


def has_left(owner: str, posts: Iterable[Post], at: datetime) -> bool:
    """Whether a Practitioner has no post any more among these; being away is not leaving."""
    return not any(each.practitioner == owner and each.holds(at) for each in posts)


__all__ = ["ANSWERING_ROLES", "Post", "answering", "has_left", "post_of", "substitutes"]
