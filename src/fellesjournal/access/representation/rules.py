"""Who may act for whom, as rules over facts: pure, and closed to whatever is unclear.

Sources: code list 7611 (Helsenorge: foreldreansvar, vergemål, fullmakt, tildelt fullmakt),
pasient- og brukerrettighetsloven chapters 3 and 4, and the public descriptions of parental
access. Where they disagree or are silent the choice is a field of :class:`Limits`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

from fellesjournal.access.representation import ages


class Code(StrEnum):
    """Code list 7611: why somebody acts for another."""

    PARENT = "FO"
    GUARDIAN = "VE"
    ATTORNEY = "FU"
    ASSIGNED = "TD"


class Band(IntEnum):
    """How much of the opened areas is shown: all that is not withheld, or only what is
    explicitly labelled for showing.
    """

    FULL = 1
    REDUCED = 2


class Refusal(StrEnum):
    """Why somebody may not act for another; for the log and for tests, not for the screen."""

    NO_RELATION = "no relation is registered"
    CONTRADICTION = "the registered facts contradict each other"
    NOT_IN_FORCE = "not in force at this time"
    SELF = "nobody represents herself"
    INACTIVE = "a record is not in use"
    DEAD = "one of them is dead"
    PROTECTED = "one of them has a protected address"
    UNKNOWN_BIRTH = "a birth date is missing"
    TOO_OLD = "the child is too old for parental access"
    TOO_YOUNG = "the one who acts is too young"
    SUBJECT_TOO_YOUNG = "the one represented is, or was when she gave it, too young for this"
    NO_SHARED_ADDRESS = "no parent is registered at the child's address"
    NO_SCOPE = "the decision opens nothing here"
    NO_END = "a power of attorney needs an end"
    NOT_NEXT_OF_KIN = "not registered as nearest next of kin"
    NOT_CONFIRMED = "not confirmed by the general practitioner"


@dataclass(frozen=True, slots=True)
class Limits:
    """The ages of the rules, in whole years. Owner: the data protection officer.

    ``full_until``, ``parents_until``: parents see all that is not withheld, then only what is
    labelled, then nothing. Assumption: public sources disagree on whether access in the
    portal ends at 12 or 16; set both to 12 for the strict reading.
    ``attorney_from``: list 7611's practice on Helsenorge, 18.
    ``grantor_from``: assumption: who decides about her own health (pbrl. § 4-3, 16 years) may
    give a power of attorney.
    ``guardian_pauses``: assumption: a guardian of a minor has what a parent would have, so
    nothing from ``parents_until`` until 18.
    """

    full_until: int = 12
    parents_until: int = 16
    of_age: int = 18
    attorney_from: int = 18
    grantor_from: int = 16
    guardian_pauses: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.full_until <= self.parents_until <= self.of_age:
            raise ValueError("the ages of parental access must rise")


DEFAULT_LIMITS = Limits()

# What makes two addresses the same: municipality number, postal code, street as normalised.
AddressKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """What the rules need to know of a citizen. ``rid`` is the number of the Patient.

    ``address`` is None when no registered address, or more than one, stands.
    ``protected``: fortrolig or strengt fortrolig (kode 7 or 6), or a status not understood.
    """

    rid: int
    birth: date | None
    address: AddressKey | None
    protected: bool = False
    dead: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Relation:
    """One registered reason to act for a citizen.

    ``areas`` is what a decision or a power of attorney opens (None: the whole); ``starts``
    and ``ends`` are half-open aware moments; ``given`` is when it was given; ``clear`` is
    False when its own elements are missing or contradict each other. ``source`` names the
    resource it was read from.
    """

    code: Code
    representative: Person | None
    source: str
    areas: int | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    given: datetime | None = None
    clear: bool = True
    next_of_kin: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is registered about who may act for ``subject``.

    ``own`` are the areas she herself has: nobody who acts for her gets more. ``delegable``
    are those a power of attorney can hold.
    """

    subject: Person
    relations: tuple[Relation, ...]
    own: int
    delegable: int


@dataclass(frozen=True, slots=True)
class Representation:
    """Leave to act for ``subject`` (rid), as long as the facts stand and at most until ``until``.

    ``areas`` are bits of ``access.policy.areas.Area``; ``reasons`` the resources it rests on.
    """

    code: Code
    subject: int
    representative: int
    band: Band
    areas: int
    until: datetime | None
    reasons: tuple[str, ...]


def representation(
    facts: Facts, representative: int, now: datetime, limits: Limits = DEFAULT_LIMITS
) -> Representation | Refusal:
    """Whether, how and until when the citizen ``representative`` (rid) acts for the subject.

    Grants of one code add up; of several codes the one that shows most is chosen, because
    each code has labels of its own. Refuses for every fact that is missing or unclear.
    """
    found = all_of(facts, representative, now, limits)
    granted = [answer for answer in found if isinstance(answer, Representation)]
    if granted:
        return min(granted, key=lambda each: (each.band, -each.areas.bit_count(), each.code))
    return next((each for each in found if isinstance(each, Refusal)), Refusal.NO_RELATION)


def all_of(
    facts: Facts, representative: int, now: datetime, limits: Limits = DEFAULT_LIMITS
) -> list[Representation | Refusal]:
    """The answer of each code under which somebody is registered, in the order of the list."""
    theirs = [
        relation
        for relation in facts.relations
        if relation.representative is not None and relation.representative.rid == representative
    ]
    answers: list[Representation | Refusal] = []
    for code in Code:
        under = [relation for relation in theirs if relation.code is code]
        if under:
            answers.append(_under(code, facts, under, now, limits))
    return answers


def _under(
    code: Code, facts: Facts, relations: list[Relation], now: datetime, limits: Limits
) -> Representation | Refusal:
    refused = _of_persons(facts.subject, relations[0].representative)
    if refused is not None:
        return refused
    # One register says who has parental responsibility: if two entries in force disagree,
    # or one can't be understood, nobody knows.
    standing = [relation for relation in relations if _in_force(relation, now)]
    if code is Code.PARENT and any(not relation.clear for relation in standing):
        return Refusal.CONTRADICTION
    answers = [_single(facts, relation, now, limits) for relation in relations]
    granted = [answer for answer in answers if isinstance(answer, Representation)]
    if not granted:
        return next(answer for answer in answers if isinstance(answer, Refusal))
    band = min(each.band for each in granted)
    wide = [each for each in granted if each.band is band]
    areas = 0
    for each in wide:
        areas |= each.areas
    return Representation(
        code,
        facts.subject.rid,
        wide[0].representative,
        band,
        areas,
        _earliest(each.until for each in wide),
        tuple(reason for each in wide for reason in each.reasons),
    )


def _of_persons(subject: Person, representative: Person | None) -> Refusal | None:
    """What holds for all codes: both are known, alive, in use and without protection."""
    assert representative is not None  # relations of nobody were left out
    if representative.rid == subject.rid:
        return Refusal.SELF
    if not (subject.active and representative.active):
        return Refusal.INACTIVE
    if subject.dead or representative.dead:
        return Refusal.DEAD
    if subject.protected or representative.protected:
        return Refusal.PROTECTED
    return None


def _single(
    facts: Facts, relation: Relation, now: datetime, limits: Limits
) -> Representation | Refusal:
    if not relation.clear:
        return Refusal.CONTRADICTION
    if not _in_force(relation, now):
        return Refusal.NOT_IN_FORCE
    if facts.subject.birth is None:
        return Refusal.UNKNOWN_BIRTH
    age = ages.age(facts.subject.birth, now)
    if age is None:
        return Refusal.CONTRADICTION
    rule = {
        Code.PARENT: _parent,
        Code.GUARDIAN: _guardian,
        Code.ATTORNEY: _attorney,
        Code.ASSIGNED: _assigned,
    }[relation.code]
    answer = rule(facts, relation, now, age, limits)
    if isinstance(answer, Refusal):
        return answer
    band, areas = answer
    if not areas:
        return Refusal.NO_SCOPE
    assert relation.representative is not None
    boundaries = (limits.full_until, limits.parents_until, limits.of_age)
    by_age = relation.code in {Code.PARENT, Code.GUARDIAN}
    next_age = ages.next_boundary(facts.subject.birth, now, boundaries) if by_age else None
    return Representation(
        relation.code,
        facts.subject.rid,
        relation.representative.rid,
        band,
        areas,
        _earliest((relation.ends, next_age)),
        (relation.source,),
    )


_Answer = tuple[Band, int] | Refusal


def _parent(facts: Facts, _relation: Relation, now: datetime, age: int, limits: Limits) -> _Answer:
    """FO: 0-11 full, 12-15 reduced, then none; one parent must live where the child does."""
    if age >= limits.parents_until:
        return Refusal.TOO_OLD
    if not _some_parent_at_home(facts, now):
        return Refusal.NO_SHARED_ADDRESS
    return _band_of_child(age, limits), facts.own


def _guardian(facts: Facts, relation: Relation, now: datetime, age: int, limits: Limits) -> _Answer:
    """VE: what the decision names, for a minor inside what a parent would have."""
    refused = _not_of_age(relation.representative, now, limits.of_age)
    if refused is not None:
        return refused
    if relation.areas is None:
        return Refusal.NO_SCOPE
    areas = relation.areas & facts.delegable & facts.own
    if age >= limits.of_age or (age >= limits.parents_until and not limits.guardian_pauses):
        return Band.FULL, areas
    if age >= limits.parents_until:
        return Refusal.TOO_OLD
    return _band_of_child(age, limits), areas


def _attorney(facts: Facts, relation: Relation, now: datetime, age: int, limits: Limits) -> _Answer:
    """FU: given by somebody old enough to one of age, whole or in parts, with an end."""
    refused = _not_of_age(relation.representative, now, limits.attorney_from)
    if refused is not None:
        return refused
    if age < limits.grantor_from or relation.given is None or facts.subject.birth is None:
        return Refusal.SUBJECT_TOO_YOUNG
    then = ages.age(facts.subject.birth, relation.given)
    if then is None or then < limits.grantor_from or relation.given > now:
        return Refusal.SUBJECT_TOO_YOUNG
    if relation.ends is None:
        return Refusal.NO_END
    whole = facts.delegable & facts.own
    return Band.FULL, whole if relation.areas is None else relation.areas & whole


def _assigned(facts: Facts, relation: Relation, now: datetime, age: int, limits: Limits) -> _Answer:
    """TD: the nearest next of kin of an adult without competence, when the GP has confirmed."""
    refused = _not_of_age(relation.representative, now, limits.attorney_from)
    if refused is not None:
        return refused
    if age < limits.of_age:
        return Refusal.SUBJECT_TOO_YOUNG
    if not relation.next_of_kin:
        return Refusal.NOT_NEXT_OF_KIN
    if not relation.confirmed:
        return Refusal.NOT_CONFIRMED
    whole = facts.delegable & facts.own
    return Band.FULL, whole if relation.areas is None else relation.areas & whole


def _not_of_age(person: Person | None, now: datetime, years: int) -> Refusal | None:
    if person is None or person.birth is None:
        return Refusal.UNKNOWN_BIRTH
    age = ages.age(person.birth, now)
    return Refusal.TOO_YOUNG if age is None or age < years else None


def _band_of_child(age: int, limits: Limits) -> Band:
    return Band.FULL if age < limits.full_until else Band.REDUCED


def _some_parent_at_home(facts: Facts, now: datetime) -> bool:
    """Whether one with parental responsibility is registered where the child is (list 7611)."""
    home = facts.subject.address
    return home is not None and any(
        relation.code is Code.PARENT
        and relation.clear
        and _in_force(relation, now)
        and relation.representative is not None
        and relation.representative.active
        and not relation.representative.dead
        and not relation.representative.protected
        and relation.representative.address == home
        for relation in facts.relations
    )


def _in_force(relation: Relation, now: datetime) -> bool:
    return (relation.starts is None or relation.starts <= now) and (
        relation.ends is None or now < relation.ends
    )


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
