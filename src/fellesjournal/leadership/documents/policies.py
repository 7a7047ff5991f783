"""Who may save and read a kind of document: whose role has the duty, the platform itself, and of kinds
that anybody may begin whoever began the document.
"""

from __future__ import annotations

from collections.abc import Iterable

from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed, NotFound
from fellesjournal.leadership.documents.resources import Body, Kind


def must_save(session: Session, kind: Kind[Body]) -> None:
    """Raises NotAllowed for who may read it and not save it, NotFound for all others."""
    must_read(session, kind)
    if not has_duty(session, kind.saved_by):
        raise NotAllowed("another role saves this", code="forbidden")


def must_read(session: Session, kind: Kind[Body]) -> None:
    """Raises NotFound: whether there is such a document is told to nobody else."""
    if kind.read_by_all and session.kind in {"staff", "citizen"}:
        return
    if not _has(session, kind.read_by | kind.saved_by, by_app=kind.read_by_apps):
        raise NotFound("there is no such page")


def must_be_author(session: Session, kind: Kind[Body]) -> None:
    """For documents of her own: raises NotFound unless it is a kind that anybody begins, and she is
    somebody who is signed in herself, without an app.
    """
    is_person = session.kind in {"staff", "citizen"} and not session.app
    if kind.by_author is None or not is_person:
        raise NotFound("there is no such page")


def must_follow(kind: Kind[Body], before: Body | None, after: Body) -> None:
    """Raises NotAllowed when this is not for the author of a document to save after what stands."""
    if kind.by_author is None or not kind.by_author(before, after):
        raise NotAllowed("another role saves this", code="forbidden")


def has_duty(session: Session, duties: Iterable[Duty]) -> bool:
    """Whether it is one of the duties of the role that is worked in today, without an app."""
    return _has(session, duties, by_app=False)


def _has(session: Session, duties: Iterable[Duty], *, by_app: bool) -> bool:
    if session.is_unbounded:
        return True
    if session.kind != "staff" or (session.app and not by_app):
        return False
    role = role_of(session.role)
    return role is not None and not role.duties.isdisjoint(duties)


__all__ = ["has_duty", "must_be_author", "must_follow", "must_read", "must_save"]
