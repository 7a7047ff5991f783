"""What is done with a drawing on the page: one change at a time, each a version, and back again; and a
pathway that begins with the drawing of another.

Versions are drafts until one is published; the one that clinicians follow is never changed.
"""

from __future__ import annotations

from dataclasses import replace

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed, Unprocessable
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import find, standing
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.pathways import queries
from fellesjournal.leadership.pathways.editing import Edit, blank
from fellesjournal.leadership.pathways.guide import template_of
from fellesjournal.leadership.pathways.measures import Workstream
from fellesjournal.leadership.pathways.pathway import Group
from fellesjournal.leadership.pathways.phases import Project
from fellesjournal.leadership.pathways.resources import (
    DRAWINGS,
    IMPROVEMENTS,
    TO_BE,
    Drawing,
    Improvement,
    Part,
    drawing_key,
    drawn_as,
    parts_of,
)


def edit(
    session: Session, key: str, part: str, change: Edit, *, seen: int, reason: str
) -> Document[Drawing]:
    """Change a drawing, or begin it (``seen`` 0). What changes nothing makes no version.

    Raises PreconditionFailed when somebody else has saved since ``seen``, Refused, Unprocessable for
    what can't be, NotFound for a part that is none of the improvement's, and as ``save``.
    """
    chosen, title, group = _part(session, key, part)
    found = find(session, DRAWINGS, drawing_key(key, part))
    if seen != (
        0 if found is None else found.version
    ):  # told first: what is gone is somebody's change
        raise PreconditionFailed("somebody else has changed the drawing meanwhile")
    body = Drawing(blank(title, group)) if found is None else found.body
    try:
        after = change(body.pathway)
    except ValueError as error:
        raise Unprocessable(str(error), code="value") from None
    if found is not None and after == body.pathway:
        return found
    made = Drawing(drawn_as(after, chosen, seen + 1))
    return save(session, DRAWINGS, key=drawing_key(key, part), body=made, seen=seen, reason=reason)


def go_back(
    session: Session, key: str, part: str, version: int, *, seen: int, reason: str
) -> Document[Drawing]:
    """Let the drawing be as it was in an earlier version, as a new one; nothing is lost.

    Raises NotFound for a version that is none, and as :func:`edit`.
    """
    chosen, _, _ = _part(session, key, part)
    was = queries.drawing(session, key, part, version).body
    made = replace(was, pathway=drawn_as(was.pathway, chosen, seen + 1), as_of=was.as_of or version)
    return save(session, DRAWINGS, key=drawing_key(key, part), body=made, seen=seen, reason=reason)


def before(stands: Document[Drawing]) -> int:
    """The version that the last change began from; 0 where there is none. Undone twice is two changes
    undone, not one undone and done again.
    """
    return (stands.body.as_of or stands.version) - 1


def copy(
    session: Session, key: str, part: str, other: str, *, seen: int, reason: str
) -> Document[Drawing]:
    """Begin a drawing as another of the same improvement stands; what hurts there does not come along,
    and local variants do not. Raises as :func:`edit`.
    """
    chosen, _, _ = _part(session, key, part)
    pathway = standing(session, DRAWINGS, drawing_key(key, other)).body.pathway
    bare = replace(pathway, pain_points=(), variants=())
    made = Drawing(drawn_as(bare, chosen, seen + 1))
    return save(session, DRAWINGS, key=drawing_key(key, part), body=made, seen=seen, reason=reason)


def begin_from(
    session: Session,
    source: str,
    *,
    key: str,
    title: str,
    group: Group,
    workstreams: tuple[Workstream, ...],
    reason: str,
) -> Document[Improvement]:
    """Begin an improvement with what the guide of another offers, drawn as it is to be: both or neither.

    Raises NotFound for one that has drawn nothing, and as ``documents.actions.save``.
    """
    drawn = template_of(standing(session, DRAWINGS, drawing_key(source, TO_BE)).body.pathway)
    project = Project(title, group=group, workstreams=workstreams)
    part = parts_of(project)[0]
    own = replace(drawn_as(drawn, part, 1), title=title, group=group)
    with transaction():
        body = Improvement(project, begun_from=source)
        made = save(session, IMPROVEMENTS, key=key, body=body, seen=0, reason=reason)
        save(
            session, DRAWINGS, key=drawing_key(key, part.key), body=Drawing(own), seen=0,
            reason=reason,
        )  # fmt: skip
    return made


def _part(session: Session, key: str, part: str) -> tuple[Part, str, Group]:
    """The part, and what a drawing of it is called and for whom it is."""
    project = standing(session, IMPROVEMENTS, key).body.project
    chosen = next((each for each in parts_of(project) if each.key == part), None)
    if chosen is None:
        raise NotFound("there is no such part to be drawn")
    return chosen, project.title, project.group or Group.FRAIL_ELDERLY


__all__ = ["before", "begin_from", "copy", "edit", "go_back"]
