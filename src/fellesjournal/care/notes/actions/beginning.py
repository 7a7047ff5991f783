"""Beginning a note, and giving one up."""

from __future__ import annotations

import uuid

import orjson

from fellesjournal.access import records
from fellesjournal.access.acts import act, change, create
from fellesjournal.access.once import refuse_form
from fellesjournal.access.sessions import Session
from fellesjournal.care.notes.actions.standing import authors, draft, named, obligation
from fellesjournal.care.notes.refusals import NoteRefused, Why
from fellesjournal.care.notes.resources import BEGUN_BY, new_draft, note_of
from fellesjournal.care.notes.tasks import task_to_sign
from fellesjournal.care.notes.templates import Template, template_for
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.turns import in_turn


def begin_note(
    session: Session,
    *,
    patient: str,
    language: str = "nb",
    template: Template | None = None,
    form: str = "",
) -> str:
    """A draft of one's own about a patient, and the duty to sign it; answers its id.

    A draft that one has begun and not written a word in is taken up again. ``form`` is the key
    (a UUID) of the form: sent twice, it begins one note. Raises NotAllowed, RefusedBefore.
    """
    with in_turn(f"begin note {session.person} {patient}"):  # two forms of hers would begin two
        if begun := _of_form(session, patient, form):
            return begun
        if empty := _empty_draft(session, patient):
            if form:  # a copy that comes when this draft is signed begins none
                refuse_form(session, form)
            return empty
        return _begin(session, patient, language, template, form)


def _begin(
    session: Session, patient: str, language: str, template: Template | None, form: str
) -> str:
    author, unit = named(session, session.person, session.unit)
    now = clock.now()
    data = new_draft(
        template or template_for(session.role),
        patient=patient,
        author=author,
        custodian=unit,
        encounter=_encounter(session, patient),
        language=language,
        at=now,
        form=form,
    )
    name = f"urn:uuid:{uuid.uuid4()}"
    task = task_to_sign(name, patient=patient, owner=author, at=now)
    begun, _ = act(session, [create(data, known_as=name), create(task)], form=form)
    return begun.id


def discard_note(session: Session, *, patient: str, note: str) -> None:
    """Give up a draft; only who began it. It leaves all lists, and stays in the history.

    Raises NoteRefused (OTHER_PATIENT, SIGNED, NOT_AUTHOR), NotFound, PreconditionFailed.
    """
    data, version = draft(session, patient, note)
    if authors(data)[:1] != [session.person]:
        raise NoteRefused(Why.NOT_AUTHOR)
    given_up = change({**data, "status": "entered-in-error"}, seen=version)
    act(session, [given_up, *obligation(session, note, "cancelled")])


def _of_form(session: Session, patient: str, form: str) -> str:
    """The note that this form has begun before; "" when it has not."""
    if not form:
        return ""
    asked = [("patient", f"Patient/{patient}"), ("identifier", f"{BEGUN_BY}|{form}")]
    found = records.search(session, "Composition", asked).matches
    return found[0].id if found else ""


def _empty_draft(session: Session, patient: str) -> str:
    """The draft of one's own that no word is written in; "" when there is none."""
    page = records.search(
        session,
        "Composition",
        [
            ("patient", f"Patient/{patient}"),
            ("status", "preliminary"),
            ("author", session.person),
            ("_count", "20"),
        ],
    )
    found = [note_of(orjson.loads(each.body or b"{}"), each.version) for each in page.matches]
    return next((each.id for each in found if each.template is not None and each.is_empty), "")


def _encounter(session: Session, patient: str) -> str:
    """The one contact under way at her unit; "" when there is none, or more than one."""
    page = records.search(
        session,
        "Encounter",
        [
            ("patient", f"Patient/{patient}"),
            ("status", "arrived,triaged,in-progress"),
            ("service-provider", session.unit),
            ("_count", "2"),
        ],
    )
    found = [orjson.loads(stored.body or b"{}") for stored in page.matches]
    return str(found[0]["id"]) if len(found) == 1 else ""


__all__ = ["begin_note", "discard_note"]
