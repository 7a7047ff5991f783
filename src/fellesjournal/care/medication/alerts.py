"""Alerts before prescribing: allergies and the same twice. Few, ranked, each with a stable id.

UNVERIFIED: which groups belong to a named allergy is general knowledge, not from a source of
interactions; cross-reactions beyond these are not looked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element

ATC = "http://www.whocc.no/atc"
MOST_SHOWN = 3
_SUBSTANCE = 7
_GROUP = 5

# What an allergy written as text means in ATC: the word as it begins in a name, and the groups.
_NAMED_GROUPS: Mapping[str, tuple[str, ...]] = {
    "penicillin": ("J01C",),
    "amoksicillin": ("J01C",),
    "amoxicillin": ("J01C",),
    "cefal": ("J01D",),
    "sulfa": ("J01E",),
    "trimetoprim": ("J01E",),
    "acetylsalisyl": ("B01AC06", "N02BA", "M01A"),
    "aspirin": ("B01AC06", "N02BA", "M01A"),
    "nsaid": ("M01A", "B01AC06"),
    "ibuprofen": ("M01A",),
    "naproksen": ("M01A",),
    "diklofenak": ("M01A",),
    "kodein": ("N02A", "R05DA"),
    "morfin": ("N02A",),
    "erytromycin": ("J01FA",),
}
# An allergy coded to one of these is to the whole group: penicillins are named by any of them.
_WHOLE_GROUPS = ("J01C", "M01A")


class AlertKind(StrEnum):
    """What an alert is about, most serious first."""

    ALLERGY = "allergy"
    SAME_SUBSTANCE = "same-substance"
    SAME_GROUP = "same-group"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. ``what`` is the allergy or the other medicine, ``more`` its reaction or dose.

    ``cause`` is the resource it comes from. ``blocks``: a reason is asked for before going on.
    """

    kind: AlertKind
    atc: str
    what: str
    more: str
    cause: str
    grave: bool = False

    @property
    def id(self) -> str:
        """The same for the same medicine and the same cause, however often it is met."""
        return f"{self.kind}:{self.atc}:{self.cause}"

    @property
    def blocks(self) -> bool:
        """Whether it stops the work: allergies and the same substance do, a group does not."""
        return self.kind is not AlertKind.SAME_GROUP


@dataclass(frozen=True, slots=True)
class InUse:
    """A medicine on the list, as far as alerts need to know."""

    reference: str
    name: str
    atc: str
    dose: str


def alerts_for(
    atc: str,
    name: str,
    *,
    allergies: Iterable[Element],
    in_use: Iterable[InUse],
    replaces: Collection[str] = (),
) -> tuple[Alert, ...]:
    """The alerts for prescribing a medicine, gravest first; at most three, allergies never cut.

    ``allergies`` are AllergyIntolerance resources; ``replaces`` are references on the list that
    the medicine takes the place of, which can't be taken twice.
    """
    against = [alert for each in allergies if (alert := _allergy(atc, name, each))]
    against.sort(key=lambda alert: (not alert.grave, alert.what))
    twice = [
        alert for each in in_use if each.reference not in replaces and (alert := _twice(atc, each))
    ]
    twice.sort(key=lambda alert: (alert.kind is not AlertKind.SAME_SUBSTANCE, alert.what))
    return tuple(against + twice[: max(0, MOST_SHOWN - len(against))])


def _allergy(atc: str, name: str, resource: Element) -> Alert | None:
    certainty = reading.first_code(resource.get("verificationStatus"))
    if certainty in {"refuted", "entered-in-error"}:
        return None
    if reading.first_code(resource.get("clinicalStatus")) in {"inactive", "resolved"}:
        return None
    if not _concerns(atc, name, resource):
        return None
    reactions = [
        reading.concept_text(manifestation)
        for reaction in reading.elements(resource.get("reaction"))
        for manifestation in reading.elements(reaction.get("manifestation"))
    ]
    severe = any(
        reaction.get("severity") == "severe"
        for reaction in reading.elements(resource.get("reaction"))
    )
    return Alert(
        AlertKind.ALLERGY,
        atc,
        reading.concept_text(resource.get("code")),
        ", ".join(filter(None, reactions)),
        f"AllergyIntolerance/{resource.get('id')}",
        grave=severe or resource.get("criticality") == "high",
    )


def _concerns(atc: str, name: str, resource: Element) -> bool:
    concepts = [resource.get("code")]
    concepts += [each.get("substance") for each in reading.elements(resource.get("reaction"))]
    return any(_means(atc, name, concept) for concept in concepts)


def _means(atc: str, name: str, concept: object) -> bool:
    for system, code, _ in reading.codings(concept):
        if system == ATC and code and (atc.startswith(code) or _whole_group(atc, code)):
            return True
    text = reading.concept_text(concept).casefold()
    if not text:
        return False
    first = name.casefold().split(" ")[0]
    if len(first) > 3 and first in text:
        return True
    return any(word in text and atc.startswith(groups) for word, groups in _NAMED_GROUPS.items())


def _whole_group(atc: str, code: str) -> bool:
    return any(atc.startswith(group) and code.startswith(group) for group in _WHOLE_GROUPS)


def _twice(atc: str, other: InUse) -> Alert | None:
    if len(atc) < _GROUP or not other.atc:
        return None
    if other.atc == atc:
        kind = AlertKind.SAME_SUBSTANCE
    elif len(atc) == len(other.atc) == _SUBSTANCE and other.atc[:_GROUP] == atc[:_GROUP]:
        kind = AlertKind.SAME_GROUP
    else:
        return None
    return Alert(kind, atc, other.name, other.dose, other.reference)


__all__ = ["MOST_SHOWN", "Alert", "AlertKind", "InUse", "alerts_for"]
