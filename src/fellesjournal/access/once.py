"""Writing at most once: a redelivered part, file or message changes nothing (INV-8, INV-63)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, Written, write
from fellesjournal.fhir.issues import Conflict
from fellesjournal.foundation.database.connection import connection, transaction

_REFUSED = "refused "


def write_once(session: Session, key: str, operations: Sequence[Operation]) -> list[Written] | None:
    """As ``write``, together with the fact that ``key`` is done; None when it was done before.

    Two deliveries of the same key at once wait for each other. Nobody reacts to what is loaded.
    """
    with transaction():
        marked = connection().execute(
            "insert into access.once (key, size) values (%s, %s) on conflict do nothing",
            [key, len(operations)],
        )
        if marked.rowcount == 0:
            return None
        return write(session, operations, tells=False)


class DoneBefore(Exception):
    """The same form was carried out before: nothing is done again (INV-8)."""


class RefusedBefore(Conflict):
    """The same form was refused before (409). Whoever sent it knows that, and may have asked for
    something else since: a copy that comes late must not be carried out instead.
    """

    def __init__(self) -> None:
        super().__init__("this form was refused when it came first; open it again")


def first_time(session: Session, key: str) -> None:
    """Make this the first time that this person sends a form with this key.

    To be asked inside the transaction of what the form does: the key is kept if that is. Two
    copies at once wait for each other. A key is a person's own, so that nobody uses up another's.
    Raises DoneBefore, RefusedBefore.
    """
    if _mark(_key(session, key)):
        return
    if was_written(_REFUSED + _key(session, key)):
        raise RefusedBefore
    raise DoneBefore


def refuse_form(session: Session, key: str) -> None:
    """A form is refused before any act: no copy of it is ever carried out. Raises DoneBefore
    for one that was carried out already, by a copy that came first.
    """
    with transaction(), suppress(RefusedBefore):
        first_time(session, key)
        refused_in_act(session, key)


def refused_in_act(session: Session, key: str) -> None:
    """As :func:`refuse_form`, in the transaction that has just made sure of the first time."""
    _mark(_REFUSED + _key(session, key))


def _key(session: Session, key: str) -> str:
    return f"form {session.person} {key}"


def _mark(key: str) -> bool:
    """Whether the key was not there yet."""
    marked = connection().execute(
        "insert into access.once (key, size) values (%s, 1) on conflict do nothing", [key]
    )
    return marked.rowcount == 1


def was_sent(session: Session, key: str) -> bool:
    """Whether this person has sent a form with this key, and it was carried out. For what is refused
    once it is done, so that the second copy of the form is told apart from a second wish.
    """
    form = _key(session, key)
    return was_written(form) and not was_written(_REFUSED + form)


def was_written(key: str) -> bool:
    """Whether a key is done; a cheap look before work is prepared."""
    return connection().execute("select from access.once where key = %s", [key]).rowcount == 1
