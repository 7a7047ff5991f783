"""The access session of a SMART token: its user's own, and the scopes that narrow it further."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from fellesjournal.access import citizens
from fellesjournal.access.sessions import Session, staff_session, system_session
from fellesjournal.access.smart import conditions, scopes
from fellesjournal.access.smart.authorizations import Authorization
from fellesjournal.access.smart.scopes import Scopes
from fellesjournal.access.smart.tokens import Token
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.foundation.database.connection import connection
from fellesjournal.store.commit import Change, Method
from fellesjournal.store.facts import hasher
from fellesjournal.store.tokens import Hasher
from fellesjournal.store.visibility import Visibility

# -1: no patient, not even 0, which marks what is about nobody
_LAUNCHED = (
    "select entered and set_config('fj.launch', coalesce((select rid from store.resource"
    " where type = %s and fhir_id = %s), -1)::text, false) is not null"
    " from ({}) e(entered)"
)
_WITHOUT_LAUNCH = (
    "select entered and set_config('fj.launch', '-1', false) is not null from ({}) e(entered)"
)

Entrance = Callable[[], tuple[str, list[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SmartSession(Session):
    """A session through an app or a service. ``scopes`` hold besides all that the user may;
    ``patient`` and ``encounter`` are the logical ids of the launch (empty: none).
    """

    client_id: str
    scopes: tuple[Scopes, ...]
    patient: str = ""
    encounter: str = ""

    @property
    def app(self) -> str:
        """Which app: the log names it."""
        return self.client_id

    def permits_type(self, type_name: str, letter: str) -> bool:
        """Whether some scope opens a letter of ``cruds`` for a type at all."""
        return any(each.permits_type(type_name, letter) for each in self.scopes)


def check_letter(session: Session | None, type_name: str, letter: str) -> None:
    """Raises NotAllowed (403, RFC 6750 § 3.1) when no scope opens a letter of ``cruds`` for a
    type. Sessions that are no app's have no scopes to check.
    """
    if isinstance(session, SmartSession) and not session.permits_type(type_name, letter):
        raise NotAllowed(f"the token's scope has no .{letter} for {type_name}", code="forbidden")


_LETTERS = {Method.POST: "c", Method.PUT: "u", Method.PATCH: "u", Method.DELETE: "d"}


def check_writes(session: Session, changes: Iterable[Change]) -> None:
    """As :func:`check_letter`, for each change that is to be written."""
    if isinstance(session, SmartSession):
        for change in changes:
            check_letter(session, change.type, _LETTERS[change.method])


def session_of(token: Token) -> SmartSession:
    """The session a good token stands for. Raises NotAllowed when its user is no user any more."""
    found = token.authorization
    held, reads, writes = _opened(token.scope, hasher(connection()))
    base = _user_session(found)
    narrowed = base.narrowed(
        see=(reads,), write=Visibility(f"({base.writable.condition}) and {writes}")
    )
    inherited = {field.name: getattr(narrowed, field.name) for field in fields(Session)}
    inherited["entrance"] = _launched(narrowed.entrance, found.patient)
    return SmartSession(
        **inherited,
        client_id=found.client_id,
        scopes=held,
        patient=found.patient,
        encounter=found.encounter,
    )


@lru_cache(maxsize=512)
def _opened(scope: str, tokens_of: Hasher) -> tuple[tuple[Scopes, ...], str, str]:
    """A scope with its two conditions. Apps ask for the same few: composing them takes a
    millisecond, for it goes over all types.
    """
    held = scopes.access_of(scopes.parse(scope))
    return held, conditions.readable(held, tokens_of), conditions.writable(held, tokens_of)


def _user_session(found: Authorization) -> Session:
    if found.kind == "system":
        return system_session(found.person, purpose=found.purpose)
    if found.kind == "staff":
        return staff_session(
            practitioner=found.person,
            role_id=found.role_id.rpartition("/")[2],
            role=found.role,
            unit=found.unit,
        )
    person = found.person.rpartition("/")[2]
    return citizens.citizen(person, found.patient or person)


def _launched(entrance: Entrance, patient: str) -> Entrance:
    """The user's way in, with the patient of the launch set in the same statement."""

    def enter() -> tuple[str, list[Any]]:
        statement, values = entrance()
        if not patient:
            return _WITHOUT_LAUNCH.format(statement), values
        return _LAUNCHED.format(statement), [type_number("Patient"), patient, *values]

    return enter


__all__ = ["SmartSession", "check_letter", "check_writes", "session_of"]
