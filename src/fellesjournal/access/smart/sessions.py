"""The access session of a SMART token: its user's own, and the scopes that narrow it further."""

from __future__ import annotations

from dataclasses import dataclass, fields

from fellesjournal.access.sessions import Session, staff_session, system_session
from fellesjournal.access.smart import scopes
from fellesjournal.access.smart.authorizations import Authorization
from fellesjournal.access.smart.scopes import EVERY_TYPE, Context, Scopes
from fellesjournal.access.smart.tokens import Token
from fellesjournal.fhir.definitions import RESOURCE_TYPES, type_number
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation.database.connection import connection
from fellesjournal.store.visibility import NOTHING, Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartSession(Session):
    """A session through an app or a service. ``scopes`` hold besides all that the user may;
    ``patient`` and ``encounter`` are the logical ids of the launch (empty: none).
    """

    client_id: str
    scopes: tuple[Scopes, ...]
    patient: str = ""
    encounter: str = ""

    def permits_type(self, type_name: str, letter: str) -> bool:
        """Whether some scope opens a letter of ``cruds`` for a type at all."""
        return any(each.permits_type(type_name, letter) for each in self.scopes)


class OutOfScope(FhirError):
    """The token does not reach so far (403, RFC 6750 § 3.1)."""

    status = 403
    code = "forbidden"


def check_may_write(session: Session | None) -> None:
    """Raises :class:`OutOfScope` for sessions of apps and services: so far they read only.

    Scopes with c, u and d are granted and told back; the predicate of writing has to hold
    before they open anything.
    """
    if isinstance(session, SmartSession):
        raise OutOfScope("this token is for reading: single reads and searches")


def session_of(token: Token) -> SmartSession:
    """The session a good token stands for."""
    found = token.authorization
    held = scopes.access_of(scopes.parse(token.scope))
    base = _user_session(found)
    inherited = {field.name: getattr(base, field.name) for field in fields(Session)}
    inherited["visibility"] = _narrowed(base.visibility, held, found.patient)
    return SmartSession(
        **inherited,
        client_id=found.client_id,
        scopes=held,
        patient=found.patient,
        encounter=found.encounter,
    )


def _user_session(found: Authorization) -> Session:
    if found.kind == "system":
        return system_session(found.person, purpose=found.purpose)
    if found.kind == "staff":
        return staff_session(practitioner=found.person, role=found.role, unit=found.unit)
    own = _patient_number(found.person.partition("/")[2])
    return Session(
        person=found.person,
        role=found.role,
        unit="",
        purpose=found.purpose,
        visibility=Visibility(f"{{row}}.patient in (0, {own})") if own else NOTHING,
    )


def _narrowed(visibility: Visibility, held: tuple[Scopes, ...], patient: str) -> Visibility:
    """The user's visibility and what the scopes open for reading: types, and the launch patient.

    Search-parameter restrictions are no condition of this form: what only they open stays
    closed here.
    """
    parts = []
    for each in held:
        types = [name for name in RESOURCE_TYPES if each.letters(name) & {"r", "s"}]
        if not types:
            continue
        condition = "true"
        if not each.letters(EVERY_TYPE) & {"r", "s"}:
            numbers = ", ".join(str(type_number(name)) for name in types)
            condition = f"{{row}}.type in ({numbers})"
        if each.context == Context.PATIENT:
            number = _patient_number(patient)
            if not number:
                continue
            condition += f" and {{row}}.patient in (0, {number})"
        parts.append(f"({condition})")
    if not parts:
        return NOTHING
    return Visibility(f"({visibility.condition}) and ({' or '.join(parts)})")


def _patient_number(patient: str) -> int:
    row = (
        connection()
        .execute(
            "select rid from store.resource where type = %s and fhir_id = %s",
            [type_number("Patient"), patient],
        )
        .fetchone()
    )
    return int(row[0]) if row else 0
