"""What pages show of pathways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.leadership.documents.queries import all_standing, standing, versions
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.figures.ratios import Ratio
from fellesjournal.leadership.pathways.gaps import Comparison, Gap, variation
from fellesjournal.leadership.pathways.measures import Measure
from fellesjournal.leadership.pathways.pathway import Kind, Pathway
from fellesjournal.leadership.pathways.phases import Guard, Project, lacking
from fellesjournal.leadership.pathways.resources import (
    DRAWINGS,
    IMPROVEMENTS,
    TO_BE,
    Drawing,
    Improvement,
    Part,
    comparisons,
    drawing_key,
    parts_of,
    with_what_is_drawn,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """An improvement as it stands, with all its drawings by part."""

    key: str
    version: int
    body: Improvement
    drawings: Mapping[str, Document[Drawing]]

    @property
    def pathways(self) -> dict[str, Pathway]:
        """What is drawn, by part."""
        return {part: each.body.pathway for part, each in self.drawings.items()}

    @property
    def project(self) -> Project:
        """How far it has come, with what the drawings and measures show to be there."""
        return with_what_is_drawn(self.body.project, self.pathways, self.body.measures)

    @property
    def lacking(self) -> tuple[tuple[Guard, str], ...]:
        """What has to be there before the phase is left."""
        return () if self.body.project.ended else lacking(self.project)

    @property
    def compared(self) -> dict[str, tuple[Part, Comparison]]:
        """What lies between each workstream as it is and how it is to be, by part."""
        return comparisons(self.body.project, self.pathways)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What there is to be drawn."""
        return parts_of(self.body.project)

    @property
    def variation(self) -> Ratio:
        """How much the workstreams differ as they are."""
        return variation([each for each in self.pathways.values() if each.kind is Kind.AS_IS])

    @property
    def gaps(self) -> dict[Gap, tuple[tuple[str, ...], tuple[Measure, ...]]]:
        """Every gap once: in which workstreams it is, and the measures that close it."""
        places: dict[Gap, list[str]] = {}
        for part, found in self.compared.values():
            for gap in found.gaps:
                places.setdefault(gap, []).append(part.workstream)
        return {
            gap: (
                tuple(names),
                tuple(each for each in self.body.measures if gap in each.gaps),
            )
            for gap, names in places.items()
        }


def improvements(session: Session) -> list[Standing]:
    """All improvements, by title."""
    drawings = all_standing(session, DRAWINGS)
    found = [_with(each, drawings) for each in all_standing(session, IMPROVEMENTS)]
    return sorted(found, key=lambda each: (each.body.project.title.casefold(), each.key))


def improvement(session: Session, key: str) -> Standing:
    """One improvement with its drawings. Raises NotFound."""
    return _with(standing(session, IMPROVEMENTS, key), all_standing(session, DRAWINGS))


def drawing(session: Session, key: str, part: str, version: int = 0) -> Document[Drawing]:
    """A drawing, or an earlier version of it. Raises NotFound."""
    found = versions(session, DRAWINGS, drawing_key(key, part))
    chosen = next((each for each in found if version in {0, each.version}), None)
    if chosen is None:
        raise NotFound(f"there is no version {version}")
    return chosen


def earlier(session: Session, key: str, part: str) -> list[Document[Drawing]]:
    """All versions of a drawing, newest first. Raises NotFound when there is none."""
    return versions(session, DRAWINGS, drawing_key(key, part))


def _with(found: Document[Improvement], drawings: list[Document[Drawing]]) -> Standing:
    own = {drawing_key(found.key, part.key): part.key for part in parts_of(found.body.project)}
    return Standing(
        found.key, found.version, found.body,
        {own[each.key]: each for each in drawings if each.key in own},
    )  # fmt: skip


__all__ = ["TO_BE", "Standing", "drawing", "earlier", "improvement", "improvements"]
