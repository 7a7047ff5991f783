"""What is done with pathways: each act is a rule, then a new version with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.outbox.events import Event, publish
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import standing
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.pathways import measures, queries
from fellesjournal.leadership.pathways.bpmn_reading import Read
from fellesjournal.leadership.pathways.claims import (
    Claim,
    Confounder,
    Confounders,
    Evidence,
    claimed,
)
from fellesjournal.leadership.pathways.events import PATHWAY_PUBLISHED
from fellesjournal.leadership.pathways.measures import ForQueue, Measure, Workstream
from fellesjournal.leadership.pathways.pathway import Fault, Group, faults
from fellesjournal.leadership.pathways.phases import (
    Heard,
    Learnt,
    Phase,
    Project,
    Start,
    There,
    moved_on,
)
from fellesjournal.leadership.pathways.refusals import Refused, Why
from fellesjournal.leadership.pathways.resources import (
    DRAWINGS,
    IMPROVEMENTS,
    TO_BE,
    ClaimMade,
    Drawing,
    Improvement,
    Watched,
    drawing_key,
    drawn_as,
    parts_of,
)

Change = Callable[[Improvement], Improvement]
_UNFOLLOWABLE = frozenset({
    Fault.NO_STEPS, Fault.UNKNOWN_LANE, Fault.UNKNOWN_LEVEL, Fault.UNKNOWN_STEP, Fault.CIRCLE,
})  # fmt: skip
"""With these nobody could follow it for a patient."""


def begin(
    session: Session, *, key: str, title: str, group: Group, workstreams: tuple[Workstream, ...]
) -> Document[Improvement]:
    """Begin to improve a pathway. Raises as ``documents.actions.save``."""
    project = Project(title, group=group, workstreams=workstreams)
    return save(session, IMPROVEMENTS, key=key, body=Improvement(project), seen=0, reason="begun")


def draw(
    session: Session, key: str, part: str, read: Read, *, file: str, seen: int, reason: str
) -> Document[Drawing]:
    """Keep a drawing that was read in. Its version is that of the document.

    Raises NotFound for a part that is none of the improvement's, and as ``documents.actions.save``.
    """
    project = standing(session, IMPROVEMENTS, key).body.project
    chosen = next((each for each in parts_of(project) if each.key == part), None)
    if chosen is None:
        raise NotFound("there is no such part to be drawn")
    body = Drawing(drawn_as(read.pathway, chosen, seen + 1), file, read.left_out)
    return save(session, DRAWINGS, key=drawing_key(key, part), body=body, seen=seen, reason=reason)


def publish_pathway(
    session: Session, key: str, *, seen: int, drawing: int = 0
) -> Document[Improvement]:
    """Let clinicians follow how it is to be, as it is drawn now; ``drawing`` is the version of it that was
    looked at, 0 for whatever stands.

    Raises Refused for a drawing that nobody could follow, PreconditionFailed when somebody has drawn
    since, NotFound without one, and as ``documents.actions.save``.
    """
    found = standing(session, DRAWINGS, drawing_key(key, TO_BE))
    if drawing not in {0, found.version}:
        raise PreconditionFailed("somebody has changed the drawing meanwhile")
    drawn = found.body.pathway
    if wrong := [(fault, about) for fault, about in faults(drawn) if fault in _UNFOLLOWABLE]:
        raise Refused(Why.GUARD, "; ".join(f"{fault}: {about}" for fault, about in wrong))
    with transaction():
        made = _changed(
            session, key, seen, lambda was: replace(was, published=drawn.version), "published"
        )
        facts = {"key": key, "version": drawn.version}
        publish(Event(PATHWAY_PUBLISHED, f"pathway-improvement/{key}", facts))
    return made


def add_measure(
    session: Session, key: str, measure: Measure, *, seen: int
) -> Document[Improvement]:
    """Write down a measure. Raises Unprocessable for a title that is taken, and as ``save``."""
    return _changed(
        session, key, seen, lambda was: replace(was, measures=(*was.measures, measure)),
        "measure added",
    )  # fmt: skip


def start_measure(session: Session, key: str, place: int, *, seen: int) -> Document[Improvement]:
    """Begin with a measure. Raises Refused, NotFound, and as ``documents.actions.save``."""
    return _measure_changed(session, key, place, seen, measures.started, "measure started")


def finish_measure(session: Session, key: str, place: int, *, seen: int) -> Document[Improvement]:
    """A measure is done. Raises as :func:`start_measure`."""
    return _measure_changed(session, key, place, seen, measures.finished, "measure done")


def stop_measure(session: Session, key: str, place: int, *, seen: int) -> Document[Improvement]:
    """A measure is given up. Raises as :func:`start_measure`."""
    return _measure_changed(session, key, place, seen, measures.stopped, "measure stopped")


def export_measure(session: Session, key: str, place: int, *, seen: int) -> ForQueue:
    """Hand a measure that needs the platform to change to the queue of usability; what that gets.
    To be called in the transaction in which the queue takes it in: neither stands without the
    other. Raises as :func:`start_measure`.
    """
    _, handed = measures.exported(_measure(standing(session, IMPROVEMENTS, key).body, place))
    _measure_changed(
        session, key, place, seen, lambda each: measures.exported(each)[0], "measure exported"
    )
    return handed


def show(session: Session, key: str, there: There, *, seen: int) -> Document[Improvement]:
    """Say where something is that a phase asks for, in place of what was said of it before."""

    def change(was: Improvement) -> Improvement:
        others = [
            each for each in was.project.there if (each.guard, each.of) != (there.guard, there.of)
        ]
        return replace(was, project=replace(was.project, there=(*others, there)))

    return _changed(session, key, seen, change, f"there: {there.guard}")


def hear(session: Session, key: str, heard: Heard, *, seen: int) -> Document[Improvement]:
    """Write down what users have said, and what was answered."""

    def change(was: Improvement) -> Improvement:
        return replace(was, project=replace(was.project, heard=(*was.project.heard, heard)))

    return _changed(session, key, seen, change, "users heard")


def answer(
    session: Session, key: str, place: int, text: str, *, seen: int
) -> Document[Improvement]:
    """Answer what users have said, by its place from 1. Raises NotFound, Refused for what is answered."""

    def change(was: Improvement) -> Improvement:
        heard = was.project.heard
        if not 1 <= place <= len(heard):
            raise NotFound("nobody has said this")
        if heard[place - 1].answer:
            raise Refused(Why.STATE, "this was answered")
        given = replace(heard[place - 1], answer=text)
        all_ = (*heard[: place - 1], given, *heard[place:])
        return replace(was, project=replace(was.project, heard=all_))

    return _changed(session, key, seen, change, "users answered")


def learn(session: Session, key: str, learnt: Learnt, *, seen: int) -> Document[Improvement]:
    """Write in the learning log. Raises Unprocessable for a day to come."""
    if learnt.day > clock.today():
        raise Unprocessable("what was learnt was learnt today or before", code="value")

    def change(was: Improvement) -> Improvement:
        return replace(was, project=replace(was.project, learnt=(*was.project.learnt, learnt)))

    return _changed(session, key, seen, change, "learnt")


def start_in(
    session: Session, key: str, municipality: str, day: date, *, seen: int
) -> Document[Improvement]:
    """A municipality of the improvement has begun. Raises Unprocessable for another and for a day to
    come.
    """
    if day > clock.today():
        raise Unprocessable("what has begun began today or before", code="value")

    def change(was: Improvement) -> Improvement:
        if municipality not in {each.municipality for each in was.project.workstreams}:
            raise ValueError("no workstream has this municipality")
        others = [each for each in was.project.starts if each.municipality != municipality]
        begun = Start(municipality, day)
        return replace(was, project=replace(was.project, starts=(*others, begun)))

    return _changed(session, key, seen, change, "municipality started")


def move_on(session: Session, key: str, *, seen: int) -> Document[Improvement]:
    """Leave the phase. Raises Refused with all that is lacking, and as ``documents.actions.save``."""
    found = queries.improvement(session, key)
    after = moved_on(found.project)

    def change(was: Improvement) -> Improvement:
        return replace(was, project=replace(was.project, phase=after.phase, ended=after.ended))

    reason = "ended" if after.ended else f"phase {Phase(after.phase).value}"
    return _changed(session, key, seen, change, reason)


def log_confounder(
    session: Session, key: str, *, asked: str, found: Confounder | None, seen: int
) -> Document[Improvement]:
    """Write down what else happened, or that somebody was asked and knows of nothing.

    Raises Unprocessable when nobody was asked, and as ``documents.actions.save``.
    """
    if not asked.strip():
        raise Unprocessable("say who was asked", code="required")

    def change(was: Improvement) -> Improvement:
        before = was.confounders or Confounders("")
        everybody = dict.fromkeys([*filter(None, before.asked.split("; ")), asked.strip()])
        known = (*before.known, *(() if found is None else (found,)))
        return replace(was, confounders=Confounders("; ".join(everybody), known))

    return _changed(session, key, seen, change, "asked what else happened")


def watch(session: Session, key: str, watched: Watched, *, seen: int) -> Document[Improvement]:
    """Say whose figures tell whether it helped. Raises Unprocessable for a workstream that is none."""

    def change(was: Improvement) -> Improvement:
        if set(watched.places) - {each.name for each in was.project.workstreams}:
            raise ValueError("there is no such workstream")
        return replace(was, watched=watched)

    return _changed(session, key, seen, change, "whose figures are followed")


def claim(
    session: Session,
    key: str,
    *,
    text: str,
    strength: Claim,
    evidence: Evidence,
    seen: int,
    found: str = "",
) -> Document[Improvement]:
    """Claim an effect, on evidence and with all that is known to have happened besides. ``found``: what
    the platform worked out, in words.

    Raises Refused when that is not known, and for a claim stronger than the evidence carries.
    """

    def change(was: Improvement) -> Improvement:
        held = replace(evidence, confounders=was.confounders)
        claimed(held, strength)
        made = ClaimMade(text, strength, held, session.person, clock.now(), found)
        return replace(was, claims=(*was.claims, made))

    return _changed(session, key, seen, change, f"claim: {strength}")


def _measure(body: Improvement, place: int) -> Measure:
    if not 1 <= place <= len(body.measures):
        raise NotFound("there is no such measure")
    return body.measures[place - 1]


def _measure_changed(
    session: Session,
    key: str,
    place: int,
    seen: int,
    step: Callable[[Measure], Measure],
    reason: str,
) -> Document[Improvement]:
    def change(was: Improvement) -> Improvement:
        after = step(_measure(was, place))
        return replace(was, measures=(*was.measures[: place - 1], after, *was.measures[place:]))

    return _changed(session, key, seen, change, reason)


def _changed(
    session: Session, key: str, seen: int, change: Change, reason: str
) -> Document[Improvement]:
    """The change is worked out on what stands; ``seen`` says whether she has looked at it."""
    stands = standing(session, IMPROVEMENTS, key)
    try:
        body = change(stands.body)
    except ValueError as error:
        raise Unprocessable(str(error), code="value") from None
    return save(session, IMPROVEMENTS, key=key, body=body, seen=seen, reason=reason)


__all__ = [
    "add_measure", "answer", "begin", "claim", "draw", "export_measure", "finish_measure",
    "hear", "learn", "log_confounder", "move_on", "publish_pathway", "show", "start_in", "start_measure",
    "stop_measure", "watch",
]  # fmt: skip
