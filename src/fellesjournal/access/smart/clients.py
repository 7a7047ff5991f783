"""The registered clients: apps that people use, and services that work alone.

Registration is checked here whoever asks for it: an administrator's page or RFC 7591.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from fellesjournal.access.smart import scopes
from fellesjournal.access.smart.addresses import is_https, redirect_problem
from fellesjournal.access.smart.public_keys import BadKey, key_set
from fellesjournal.access.smart.scopes import Context
from fellesjournal.access.smart.secret_values import digest, fresh, moment
from fellesjournal.foundation.database.connection import connection

PUBLIC = "none"
SECRET = "client_secret_basic"  # noqa: S105  # the name of a method
KEY = "private_key_jwt"
METHODS = (PUBLIC, SECRET, KEY)

CODE_GRANT = "authorization_code"
REFRESH_GRANT = "refresh_token"
SERVICE_GRANT = "client_credentials"
GRANTS = (CODE_GRANT, REFRESH_GRANT, SERVICE_GRANT)

# Why a service may read: http://terminology.hl7.org/CodeSystem/v3-PurposeOfUse
PURPOSES = ("TREAT", "COC", "HOPERAT", "HQUALIMP", "HSYSADMIN", "HPAYMT", "PUBHLTH", "HRESCH")


class BadClient(ValueError):
    """A client can't be registered so; ``field`` says where."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Client:
    """One registered client. ``grants`` and ``method`` by their names in OAuth.

    Times are microseconds since 1970; ``disabled`` None while it may be used.
    """

    client_id: str
    name: str
    method: str
    grants: tuple[str, ...]
    redirects: tuple[str, ...]
    scope: str
    purpose: str = ""
    purpose_text: str = ""
    jwks: str = ""
    jwks_uri: str = ""
    client_uri: str = ""
    logo_uri: str = ""
    policy_uri: str = ""
    tos_uri: str = ""
    contacts: tuple[str, ...] = ()
    dpop: bool = False
    introspects: bool = False
    launch_uri: str = ""
    made: int = 0
    made_by: str = ""
    disabled: int | None = None
    secret: bytes | None = None

    @property
    def is_service(self) -> bool:
        """Whether it works without a user."""
        return SERVICE_GRANT in self.grants

    def takes_secret(self, given: str) -> bool:
        """Whether this is its secret; compared in constant time."""
        return self.secret is not None and hmac.compare_digest(self.secret, digest(given))


_COLUMNS = (
    "client_id, name, method, grants, redirects, scope, purpose, purpose_text, jwks, jwks_uri,"
    " client_uri, logo_uri, policy_uri, tos_uri, contacts, dpop, introspects, launch_uri, made,"
    " made_by, disabled, secret"
)


def client_of(client_id: str) -> Client | None:
    """The client of an id, unless it is unknown or disabled."""
    if not client_id.isascii() or "\0" in client_id:  # ours are letters, digits, - and _
        return None
    found = _select("where client_id = %s and disabled is null", [client_id])
    return found[0] if found else None


def all_clients() -> list[Client]:
    """Every client, disabled ones too, by name."""
    return _select("order by lower(name), client_id", [])


def client_names(database: psycopg.Connection[Any], ids: Collection[str]) -> dict[str, str]:
    """The name each client is registered by, disabled ones too; unknown ids are left out."""
    if not ids:
        return {}
    rows = database.execute(
        "select client_id, name from access.smart_client where client_id = any(%s)", [sorted(ids)]
    )
    return dict(rows.fetchall())


def launchable_clients() -> list[Client]:
    """The apps that a chart can offer: those with an address to launch, by name."""
    return _select("where disabled is null and launch_uri <> '' order by lower(name)", [])


def _select(condition: str, values: Sequence[Any]) -> list[Client]:
    rows = connection().execute(f"select {_COLUMNS} from access.smart_client {condition}", values)
    return [_of_row(row) for row in rows]


def _of_row(row: Sequence[Any]) -> Client:
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in row]
    return Client(*values)


def register(client: Client, *, by: str) -> tuple[Client, str]:
    """Check and store a new client; answers it with its id, and its secret (empty: has none).

    The secret can't be shown again. Raises :class:`BadClient`.
    """
    check(client)
    secret = fresh("fjs_") if client.method == SECRET else ""
    made = replace(
        client,
        client_id=client.client_id or secrets.token_urlsafe(12),
        scope=str(scopes.parse(client.scope)),
        made=moment(),
        made_by=by,
        secret=digest(secret) if secret else None,
        disabled=None,
    )
    values = [_stored(getattr(made, name.strip())) for name in _COLUMNS.split(",")]
    done = connection().execute(
        f"insert into access.smart_client ({_COLUMNS}) values ({', '.join(['%s'] * len(values))})"
        " on conflict do nothing",
        values,
    )
    if done.rowcount == 0:
        raise BadClient("client_id", "this id is taken")
    return made, secret


def _stored(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def disable(client_id: str) -> None:
    """End a client: its tokens are worth nothing from now on."""
    connection().execute(
        "update access.smart_client set disabled = %s where client_id = %s and disabled is null",
        [moment(), client_id],
    )


def enable(client_id: str) -> None:
    """Let a disabled client in again; what it was given before stays ended."""
    connection().execute(
        "update access.smart_authorization set revoked = %s, revoked_why = 'client disabled'"
        " where client_id = %s and revoked is null",
        [moment(), client_id],
    )
    connection().execute(
        "update access.smart_client set disabled = null where client_id = %s", [client_id]
    )


def check(client: Client) -> None:
    """Raises :class:`BadClient` for what must not be registered."""
    if not client.name.strip() or len(client.name) > 200:
        raise BadClient("name", "a name of at most 200 characters is needed")
    if client.method not in METHODS:
        raise BadClient("method", f"the method is one of {', '.join(METHODS)}")
    if not client.grants or not set(client.grants) <= set(GRANTS):
        raise BadClient("grants", f"grants are of {', '.join(GRANTS)}")
    _check_addresses(client)
    _check_keys(client)
    _check_scope(client)


def _check_addresses(client: Client) -> None:
    if CODE_GRANT in client.grants and not client.redirects:
        raise BadClient("redirects", "an app needs an address to return to")
    if CODE_GRANT not in client.grants and client.redirects:
        raise BadClient("redirects", "a service returns nowhere")
    for address in client.redirects:
        if problem := redirect_problem(address, public=client.method == PUBLIC):
            raise BadClient("redirects", f"{problem}: {address[:200]}")
    for name in ("logo_uri", "client_uri", "policy_uri", "tos_uri"):
        address = getattr(client, name)
        if address and not is_https(address):
            raise BadClient(name, "only https addresses are taken")
    for name in ("jwks_uri", "launch_uri"):
        address = getattr(client, name)
        if address and redirect_problem(address, public=False):
            raise BadClient(name, "only https addresses are taken, or http on this machine")


def _check_keys(client: Client) -> None:
    if client.method != KEY:
        if client.jwks or client.jwks_uri:
            raise BadClient("jwks", "keys belong to the method private_key_jwt")
        return
    if bool(client.jwks) == bool(client.jwks_uri):
        raise BadClient("jwks", "give the public keys or the address of them, one of the two")
    if client.jwks:
        try:
            key_set(client.jwks)
        except BadKey as error:
            raise BadClient("jwks", str(error)) from error


def _check_scope(client: Client) -> None:
    asked = scopes.parse(client.scope)
    if asked.unknown:
        raise BadClient("scope", f"not a scope: {' '.join(asked.unknown)[:200]}")
    if not asked.resources and not asked.others:
        raise BadClient("scope", "a client needs at least one scope")
    has_system = Context.SYSTEM in asked.contexts()
    if client.is_service:
        if client.method != KEY:
            raise BadClient("method", "a service signs with a key: private_key_jwt")
        if CODE_GRANT in client.grants or REFRESH_GRANT in client.grants:
            raise BadClient("grants", "a service has no user: client_credentials stands alone")
        if not client.purpose or client.purpose not in PURPOSES or not client.purpose_text.strip():
            raise BadClient("purpose", "a service needs a named purpose: no purpose, no access")
        if asked.contexts() != {Context.SYSTEM} or asked.others:
            raise BadClient("scope", "a service has system scopes only")
    elif has_system:
        raise BadClient("scope", "system scopes are for services only")
