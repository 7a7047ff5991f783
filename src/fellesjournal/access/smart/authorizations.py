"""What somebody agreed to, or a service is registered for: the root of all that is issued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fellesjournal.access.smart import scopes
from fellesjournal.access.smart.clients import Client
from fellesjournal.access.smart.scopes import ScopeSet
from fellesjournal.access.smart.secret_values import moment
from fellesjournal.foundation.database.connection import connection

OFFLINE_FOR = timedelta(days=90)
ONLINE_FOR = timedelta(hours=12)
"""The longest shift; an app may not outlive the session it was started in."""

# What a kind of user may ever hand on, before the policy of her role narrows each read.
_MOST = {
    "staff": scopes.parse(
        "launch launch/patient launch/encounter openid fhirUser profile offline_access online_access"
        " patient/*.cruds user/*.cruds"
    ),
    # A citizen's app reads; what she sends in herself goes through the pages.
    "citizen": scopes.parse(
        "launch launch/patient launch/encounter openid fhirUser profile offline_access online_access"
        " patient/*.rs user/*.rs"
    ),
}


@dataclass(frozen=True, slots=True)
class EndUser:
    """Who is signed in. ``kind`` staff or citizen; ``person`` Practitioner/.. or Patient/..;
    ``role`` the code of the policy role, ``role_id`` the PractitionerRole and ``unit`` the
    Organization she works for today (empty for citizens); ``signed_in`` microseconds.
    """

    kind: str
    person: str
    name: str
    role: str
    role_id: str = ""
    unit: str = ""
    signed_in: int = 0
    web_session: str = ""

    @property
    def most(self) -> ScopeSet:
        """What she may ever hand on to an app."""
        return _MOST[self.kind]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the consent page ended with. ``patient`` and ``encounter`` are logical ids."""

    scope: ScopeSet
    patient: str = ""
    encounter: str = ""
    intent: str = ""
    banner: bool = True
    nonce: str = ""
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class Authorization:
    """One row; times in microseconds since 1970. ``purpose`` is a code of v3-ActReason."""

    id: int
    client_id: str
    kind: str
    person: str
    name: str
    role: str
    role_id: str
    unit: str
    purpose: str
    scope: str
    patient: str
    encounter: str
    intent: str
    banner: bool
    nonce: str
    signed_in: int
    web_session: str
    remembered: bool
    made: int
    ends: int
    revoked: int | None


_NAMES = tuple(Authorization.__dataclass_fields__)
COLUMNS = ", ".join(f"a.{name}" for name in _NAMES)


def of_row(row: Sequence[Any]) -> Authorization:
    """An authorization from the columns COLUMNS."""
    return Authorization(*row)


def authorize(client: Client, user: EndUser, agreed: Agreed) -> Authorization:
    """Keep what a person agreed to; her role is the one she has now."""
    lasts = OFFLINE_FOR if agreed.scope.has("offline_access") else ONLINE_FOR
    return _insert(
        client_id=client.client_id,
        kind=user.kind,
        person=user.person,
        name=user.name,
        role=user.role,
        role_id=user.role_id,
        unit=user.unit,
        purpose="TREAT" if user.kind == "staff" else "PATRQT",
        scope=str(agreed.scope),
        patient=agreed.patient,
        encounter=agreed.encounter,
        intent=agreed.intent,
        banner=agreed.banner,
        nonce=agreed.nonce,
        signed_in=user.signed_in,
        web_session="" if agreed.scope.has("offline_access") else user.web_session,
        remembered=agreed.remembered,
        ends=moment(lasts),
    )


def authorize_service(client: Client, scope: ScopeSet, *, lasts: timedelta) -> Authorization:
    """What a service works by for one token: its registered purpose, no person."""
    return _insert(
        client_id=client.client_id,
        kind="system",
        person=f"system:{client.client_id}",
        name=client.name,
        role="system",
        role_id="",
        unit="",
        purpose=client.purpose,
        scope=str(scope),
        patient="",
        encounter="",
        intent="",
        banner=False,
        nonce="",
        signed_in=0,
        web_session="",
        remembered=False,
        ends=moment(lasts),
    )


def _insert(**values: Any) -> Authorization:
    values["made"] = moment()
    names = ", ".join(values)
    row = (
        connection()
        .execute(
            f"insert into access.smart_authorization as a ({names})"
            f" values ({', '.join(['%s'] * len(values))}) returning {COLUMNS}",
            list(values.values()),
        )
        .fetchone()
    )
    assert row is not None
    return of_row(row)


def live_of(person: str) -> list[Authorization]:
    """What a person's apps hold now, newest first; services are nobody's."""
    rows = connection().execute(
        f"select {COLUMNS} from access.smart_authorization a"
        " join access.smart_client c using (client_id)"
        " where a.person = %s and a.revoked is null and a.ends > %s and c.disabled is null"
        " and (a.remembered or exists (select from access.smart_token t where t.authorization_id = a.id"
        " and t.revoked is null and t.used is null and t.ends > %s))"
        " order by a.made desc",
        [person, moment(), moment()],
    )
    return [of_row(row) for row in rows]


def remembered_scope(client: Client, user: EndUser, patient: str) -> ScopeSet:
    """What this person agreed to before about this patient, and asked not to be asked again."""
    row = (
        connection()
        .execute(
            "select scope from access.smart_authorization where client_id = %s and person = %s"
            " and patient = %s and role_id = %s and unit = %s and remembered and revoked is null"
            " and ends > %s order by made desc limit 1",
            [client.client_id, user.person, patient, user.role_id, user.unit, moment()],
        )
        .fetchone()
    )
    return scopes.parse(row[0] if row else "")


def revoke(authorization_id: int, why: str) -> None:
    """End one authorization with all that hangs on it; the first reason stands."""
    connection().execute(
        "update access.smart_authorization set revoked = %s, revoked_why = %s"
        " where id = %s and revoked is null",
        [moment(), why, authorization_id],
    )


def revoke_client(person: str, client_id: str, why: str) -> int:
    """End all that a person gave a client; answers how many authorizations ended."""
    return (
        connection()
        .execute(
            "update access.smart_authorization set revoked = %s, revoked_why = %s"
            " where person = %s and client_id = %s and revoked is null",
            [moment(), why, person, client_id],
        )
        .rowcount
    )
