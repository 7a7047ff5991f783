"""SMART scopes: read, narrowed, printed (http://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html).

Pure. A scope of version 1 (``patient/Observation.read``) is read as its version 2
equivalent. What can't be read is left out and told back, never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import parse_qsl, quote

from fellesjournal.fhir.definitions import RESOURCE_TYPES
from fellesjournal.fhir.definitions.search import Parameter, search_of, slot

EVERY_TYPE = "*"
LETTERS = "cruds"
"""create, read (with vread and history of one), update, delete, search (with history of a type)."""

_VERSION_1 = {"read": "rs", "write": "cud", "*": "cruds"}
_RESOURCE_SCOPE = re.compile(
    r"(patient|user|system)/(\*|[A-Z][A-Za-z]{0,63})\.(read|write|\*|c?r?u?d?s?)(?:\?(.+))?",
    re.ASCII,
)
_TYPES = frozenset(RESOURCE_TYPES)

# What does not name resources: the launch context asked for, and who the user is.
LAUNCH_SCOPES = ("launch", "launch/patient", "launch/encounter")
IDENTITY_SCOPES = ("openid", "fhirUser", "profile")
REFRESH_SCOPES = ("offline_access", "online_access")
OTHER_SCOPES = (*LAUNCH_SCOPES, *IDENTITY_SCOPES, *REFRESH_SCOPES)
_LONGEST = 8000


class Context(StrEnum):
    """Whose records a scope is about: one patient's, those the user may see, or all."""

    PATIENT = "patient"
    USER = "user"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, order=True)
class ResourceScope:
    """``context/type.letters?query``; ``type`` may be ``*``; letters in the order of LETTERS.

    ``query`` holds (parameter, value) pairs that all must hold, sorted; none: no restriction.
    """

    context: Context
    type: str
    letters: str
    query: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """As it stands in a scope string."""
        text = f"{self.context.value}/{self.type}.{self.letters}"
        if self.query:
            # A space would end the scope; what a reader should recognise stays as it is.
            pairs = (f"{name}={quote(value, safe=':/|,.-_$')}" for name, value in self.query)
            text += "?" + "&".join(pairs)
        return text


@dataclass(frozen=True, slots=True)
class ScopeSet:
    """A scope string that was read. ``unknown`` are the words left out."""

    resources: tuple[ResourceScope, ...] = ()
    others: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The scope string, in a stable order."""
        return " ".join((*self.others, *(str(each) for each in self.resources)))

    def __bool__(self) -> bool:
        return bool(self.resources or self.others)

    def has(self, *names: str) -> bool:
        """Whether one of these scopes without a resource is there."""
        return any(name in self.others for name in names)

    def contexts(self) -> frozenset[Context]:
        """The contexts of its resource scopes."""
        return frozenset(each.context for each in self.resources)

    def without(self, word: str) -> ScopeSet:
        """The same without a scope that names no resources."""
        return replace(self, others=tuple(each for each in self.others if each != word))

    @property
    def needs_patient(self) -> bool:
        """Whether a patient must be known before a token is issued."""
        return Context.PATIENT in self.contexts() or self.has("launch/patient", "launch/encounter")


@dataclass(frozen=True, slots=True)
class Scopes:
    """What a token opens in one context: never more than its user's (or client's) own access.

    ``allowed`` is type -> letters without restriction; ``restrictions`` is type -> (letters,
    query) where the letters hold for resources that the search query finds. ``*`` is every
    type. What is in neither is closed.
    """

    context: Context
    allowed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    restrictions: Mapping[str, tuple[tuple[frozenset[str], tuple[tuple[str, str], ...]], ...]] = (
        field(default_factory=dict)
    )

    def letters(self, type_name: str) -> frozenset[str]:
        """What may be done with every resource of a type."""
        return self.allowed.get(type_name, frozenset()) | self.allowed.get(EVERY_TYPE, frozenset())

    def restricted(self, type_name: str, letter: str) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The queries of which one must find a resource that ``letter`` is to be done with."""
        found = (
            *self.restrictions.get(type_name, ()),
            *self.restrictions.get(EVERY_TYPE, ()),
        )
        return tuple(query for letters, query in found if letter in letters)

    def permits_type(self, type_name: str, letter: str) -> bool:
        """Whether a letter is open for some resource of a type at all."""
        return letter in self.letters(type_name) or bool(self.restricted(type_name, letter))


def parse(text: str | None) -> ScopeSet:
    """Read a scope string; whatever is no scope of ours goes to ``unknown``."""
    resources: list[ResourceScope] = []
    others: list[str] = []
    unknown: list[str] = []
    for word in (text or "")[:_LONGEST].split():
        if word in OTHER_SCOPES:
            if word not in others:
                others.append(word)
        elif (scope := parse_one(word)) is not None:
            resources.append(scope)
        else:
            unknown.append(word)
    others.sort(key=OTHER_SCOPES.index)
    return ScopeSet(merged(resources), tuple(others), tuple(unknown))


def parse_one(word: str) -> ResourceScope | None:
    """One resource scope of version 1 or 2; None for anything else."""
    match = _RESOURCE_SCOPE.fullmatch(word)
    if match is None:
        return None
    context, type_name, letters, query = match.groups()
    if type_name != EVERY_TYPE and type_name not in _TYPES:
        return None
    if letters in _VERSION_1:
        if query:  # restrictions came with version 2
            return None
        letters = _VERSION_1[letters]
    if not letters:
        return None
    pairs = _query(type_name, query) if query else ()
    if pairs is None:
        return None
    return ResourceScope(Context(context), type_name, letters, pairs)


def _query(type_name: str, text: str) -> tuple[tuple[str, str], ...] | None:
    """The restriction; None when it names what can't be searched for: it would not restrict."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict")
    except (ValueError, UnicodeError):
        return None
    known = search_of("Resource" if type_name == EVERY_TYPE else type_name).parameters
    for name, value in pairs:
        parameter = known.get(name)
        # Codes without modifier: what the index answers for each row at once.
        if parameter is None or not _is_coded(parameter):
            return None
        if not value.strip(",|") or value.count("|") > value.count(",") + 1 or "\0" in value:
            return None
    return tuple(sorted(set(pairs)))


def _is_coded(parameter: Parameter) -> bool:
    return (
        parameter.type == "token"
        and parameter.code != "_id"  # answered apart from the index
        and bool(parameter.places)
        and all(slot(place.slot).kind == "token" for place in parameter.places)
    )


def merged(scopes: Iterable[ResourceScope]) -> tuple[ResourceScope, ...]:
    """The same access in as few scopes as can be, sorted."""
    letters: dict[tuple[Context, str, tuple[tuple[str, str], ...]], set[str]] = {}
    for each in scopes:
        letters.setdefault((each.context, each.type, each.query), set()).update(each.letters)
    found = [
        ResourceScope(context, type_name, in_order(held), query)
        for (context, type_name, query), held in letters.items()
    ]
    kept = [_uncovered(each, found) for each in found]
    return tuple(sorted(each for each in kept if each.letters))


def _uncovered(scope: ResourceScope, among: list[ResourceScope]) -> ResourceScope:
    """The letters that no wider scope gives already."""
    covered: set[str] = set()
    for other in among:
        if other != scope and other.context == scope.context and _is_wider(other, scope):
            covered.update(other.letters)
    return replace(scope, letters=in_order(set(scope.letters) - covered))


def _is_wider(one: ResourceScope, other: ResourceScope) -> bool:
    same_place = (one.type, one.query) == (other.type, other.query)
    return (
        not same_place
        and one.type in {EVERY_TYPE, other.type}
        and set(one.query) <= set(other.query)
    )


def in_order(letters: Iterable[str]) -> str:
    """Letters in the order the standard demands."""
    held = set(letters)
    return "".join(letter for letter in LETTERS if letter in held)


def narrow(wanted: ScopeSet, *limits: ScopeSet) -> ScopeSet:
    """What is wanted and within every one of the limits; never more than either.

    ``*`` is narrowed to the types of the limit; two restrictions must both hold.
    """
    for limit in limits:
        wanted = ScopeSet(
            merged(
                both
                for one in wanted.resources
                for other in limit.resources
                if (both := _both(one, other)) is not None
            ),
            tuple(word for word in wanted.others if word in limit.others),
            wanted.unknown,
        )
    return wanted


def _both(one: ResourceScope, other: ResourceScope) -> ResourceScope | None:
    if one.context != other.context:
        return None
    if EVERY_TYPE not in {one.type, other.type} and one.type != other.type:
        return None
    letters = in_order(set(one.letters) & set(other.letters))
    if not letters:
        return None
    type_name = other.type if one.type == EVERY_TYPE else one.type
    query = tuple(sorted({*one.query, *other.query}))
    return ResourceScope(one.context, type_name, letters, query)


def within(asked: ScopeSet, given: ScopeSet) -> bool:
    """Whether nothing is asked that was not given: the rule for a narrower refresh."""
    if not set(asked.others) <= set(given.others):
        return False
    return narrow(asked, given).resources == asked.resources


def access_of(granted: ScopeSet) -> tuple[Scopes, ...]:
    """What a granted scope opens, one entry per context; together they are its access."""
    found = []
    for context in Context:
        allowed: dict[str, set[str]] = {}
        restrictions: dict[str, list[tuple[frozenset[str], tuple[tuple[str, str], ...]]]] = {}
        for each in granted.resources:
            if each.context != context:
                continue
            if each.query:
                restrictions.setdefault(each.type, []).append((frozenset(each.letters), each.query))
            else:
                allowed.setdefault(each.type, set()).update(each.letters)
        if allowed or restrictions:
            found.append(
                Scopes(
                    context,
                    {name: frozenset(letters) for name, letters in allowed.items()},
                    {name: tuple(rules) for name, rules in restrictions.items()},
                )
            )
    return tuple(found)
