"""What is kept of pathways as documents: an improvement with all that belongs to it, and each of
its drawings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from fellesjournal.access.policy.rules import Duty
from fellesjournal.leadership.documents.resources import Kind as DocumentKind
from fellesjournal.leadership.pathways.claims import Claim, Confounders, Evidence
from fellesjournal.leadership.pathways.gaps import Comparison, compared
from fellesjournal.leadership.pathways.measures import Measure
from fellesjournal.leadership.pathways.pathway import Kind, Pathway, Scope
from fellesjournal.leadership.pathways.phases import Guard, Project, There

TO_BE = "to-be"
"""The part that is common to all: how it is to be."""
LEADING = frozenset({Duty.REALISE_BENEFITS, Duty.ROLL_OUT})
"""Who draws, compares, writes down measures and what else happened, and leads the phases."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A pathway as it was drawn. ``file``: what it was read from; ``left_out``: what of that file has
    no place in a pathway. ``as_of``: the version that it was put back to, 0 for one that was drawn.
    """

    pathway: Pathway
    file: str = ""
    left_out: tuple[str, ...] = ()
    as_of: int = 0


@dataclass(frozen=True, slots=True)
class ClaimMade:
    """What was claimed of an effect: in words, how strongly, on what evidence, by whom and when.
    ``found``: what the platform worked out for it, in words; "" for evidence from elsewhere.
    """

    text: str
    claim: Claim
    evidence: Evidence
    by: str
    at: datetime
    found: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """Whose figures tell whether it helped: the organisation (``Organization/x``) of each workstream, by its
    name, and others that do not take part. ``worst``: the places were chosen for being worst.
    """

    places: dict[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    worst: bool = False

    def __post_init__(self) -> None:
        named = [*self.places.values(), *self.others]
        if len(set(named)) != len(named):
            raise ValueError("an organisation is one place, or one of the others")


@dataclass(frozen=True, slots=True)
class Improvement:
    """The improvement of one pathway. ``published``: the version of what is to be that clinicians
    may follow, and "" before that. ``begun_from``: the key of the one whose guide it began with.
    """

    project: Project
    measures: tuple[Measure, ...] = ()
    confounders: Confounders | None = None
    claims: tuple[ClaimMade, ...] = ()
    published: str = ""
    watched: Watched = field(default_factory=Watched)
    begun_from: str = ""

    def __post_init__(self) -> None:
        titles = [each.title.casefold() for each in self.measures]
        if len(set(titles)) != len(titles):
            raise ValueError("two measures have one title")


@dataclass(frozen=True, slots=True)
class Part:
    """What is drawn of an improvement: how it is to be for all, or how it is in a workstream."""

    key: str
    kind: Kind
    workstream: str = ""


def parts_of(project: Project) -> tuple[Part, ...]:
    """What is to be drawn: first how it is to be, then each workstream as it is."""
    return (
        Part(TO_BE, Kind.TO_BE),
        *(
            Part(f"as-is-{place}", Kind.AS_IS, each.name)
            for place, each in enumerate(project.workstreams, 1)
        ),
    )


def drawn_as(pathway: Pathway, part: Part, version: int) -> Pathway:
    """A pathway as the part it is drawn for: whatever its file calls itself, she who draws knows what
    she draws.
    """
    return replace(
        pathway, kind=part.kind, version=str(version), actor=part.workstream,
        scope=Scope.ACTOR if part.workstream else Scope.COMMON,
    )  # fmt: skip


def comparisons(
    project: Project, drawings: Mapping[str, Pathway]
) -> dict[str, tuple[Part, Comparison]]:
    """What lies between how each workstream is and how it is to be, by part, where both are drawn."""
    to_be = drawings.get(TO_BE)
    if to_be is None:
        return {}
    return {
        part.key: (part, compared(drawings[part.key], to_be))
        for part in parts_of(project)
        if part.kind is Kind.AS_IS and part.key in drawings
    }


def with_what_is_drawn(
    project: Project, drawings: Mapping[str, Pathway], measures: Iterable[Measure]
) -> Project:
    """The project with what the drawings and measures show to be there: nobody has to say it again,
    and nobody can say it of what was not drawn.
    """
    shown = {
        Guard.AS_IS, Guard.PAIN_POINTS, Guard.COMMON_TO_BE, Guard.GAPS, Guard.MEASURES,
    }  # fmt: skip
    said = [each for each in project.there if each.guard not in shown]
    as_is = [part for part in parts_of(project) if part.kind is Kind.AS_IS and part.key in drawings]
    found = [There(Guard.AS_IS, part.key, part.workstream) for part in as_is]
    if any(drawings[part.key].pain_points for part in as_is):
        found.append(There(Guard.PAIN_POINTS, as_is[0].key))
    if TO_BE in drawings:
        found.append(There(Guard.COMMON_TO_BE, TO_BE))
    if as_is and TO_BE in drawings:
        found.append(There(Guard.GAPS, TO_BE))
    if (given := list(measures)) and all(each.effects for each in given):
        found.append(There(Guard.MEASURES, given[0].title))
    if project.learnt and all(each.guard is not Guard.LEARNING_LOG for each in said):
        found.append(There(Guard.LEARNING_LOG, project.learnt[-1].what))
    return replace(project, there=(*said, *found))


IMPROVEMENTS: DocumentKind[Improvement] = DocumentKind(
    "pathway-improvement", Improvement, saved_by=LEADING
)
DRAWINGS: DocumentKind[Drawing] = DocumentKind("pathway-drawing", Drawing, saved_by=LEADING)


def drawing_key(improvement: str, part: str) -> str:
    """Under which key a drawing is kept; no key of an improvement holds a full stop."""
    return f"{improvement}.{part}"


__all__ = [
    "DRAWINGS", "IMPROVEMENTS", "LEADING", "TO_BE", "ClaimMade", "Drawing", "Improvement", "Part",
    "Watched", "comparisons", "drawing_key", "drawn_as", "parts_of", "with_what_is_drawn",
]  # fmt: skip
