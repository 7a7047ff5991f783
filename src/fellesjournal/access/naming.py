"""A name beside a reference is the name of whom it points to.

Who is meant is the reference, which is checked; but people read the name beside it. Where a name is
shown to citizens (messages, and who answers them) it is therefore compared with what is registered
when it is written: each word of it is a word of the registered name, so that a name may be short
and never another's. Of what the writer can't see no name is written at all: the refusal is the same
for every name, and tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fellesjournal.access.sessions import Session, system_session
from fellesjournal.access.standing import Json, seen, standing
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotAllowed

_REGISTER = system_session("system:names", purpose="HOPERAT")
_PERSONS = frozenset({"Patient", "Practitioner", "RelatedPerson", "Person"})
_UNITS = frozenset({"Organization", "HealthcareService", "CareTeam", "Location", "Group"})
_WITHOUT = frozenset({"PractitionerRole", "Device", ""})
"""What has no name that could be compared, or is no reference: nobody is named beside it."""


def check_names(
    session: Session, references: Iterable[object], *, stood: Iterable[object] = ()
) -> None:
    """Raises NotAllowed for a name that is not of whom its reference points to.

    ``stood`` are references of the version before: what was right when it was written stays.
    """
    kept = {_said(each) for each in stood}
    for each in references:
        target, name = said = _said(each)
        kind = target.partition("/")[0]
        is_named = kind in _PERSONS | _UNITS | _WITHOUT  # beside a document stands its title
        if name and is_named and said not in kept and not _is_of(session, target, name):
            raise NotAllowed(f"the name beside {target or 'a reference'} is not registered as its",
                             code="forbidden")  # fmt: skip


def _said(reference: object) -> tuple[str, str]:
    return reading.reference_target(reference), _display(reference)


def _display(reference: object) -> str:
    return reading.string(reference.get("display")) if isinstance(reference, Mapping) else ""


def _is_of(session: Session, target: str, name: str) -> bool:
    # her own name is hers to write, whether or not she may open her own entry here
    own = target == session.person
    found = standing(_REGISTER.connection(), target, _PERSONS) if own else seen(session, target)
    words = _words(name)
    return found is not None and bool(words) and words <= _registered(found)


def _registered(found: Json) -> set[str]:
    """The words of every name of a person, or of an organisation."""
    names: Any = found.get("name")
    if isinstance(names, str):
        aliases = [each for each in found.get("alias") or () if isinstance(each, str)]
        return set().union(*map(_words, (names, *aliases)))
    return set().union(*(_words(reading.name_text([each])) for each in reading.elements(names)))


def _words(name: str) -> set[str]:
    return set(name.casefold().replace(",", " ").split())


__all__ = ["check_names"]
