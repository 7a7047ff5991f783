"""Dynamic client registration (RFC 7591), for those who hold an initial access token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fellesjournal.access.smart import clients, scopes
from fellesjournal.access.smart.clients import BadClient, Client
from fellesjournal.access.smart.secret_values import digest, fresh, moment
from fellesjournal.foundation.database.connection import connection, transaction

PREFIX = "fji_"
_SECOND = 1_000_000
_TEXTS = ("client_uri", "logo_uri", "policy_uri", "tos_uri", "jwks_uri")
_DEFAULT_SCOPE = "launch launch/patient openid fhirUser patient/*.rs"


class NotInvited(Exception):
    """The initial access token is unknown, over or used up (401)."""


class BadMetadata(ValueError):
    """``code`` is one of RFC 7591 § 3.2.2."""

    def __init__(self, code: str, problem: str) -> None:
        super().__init__(problem)
        self.code = code


def invite(*, note: str, scope: str, by: str, lifetime: timedelta, uses: int = 1) -> str:
    """An initial access token: the right to register clients with at most this scope.

    System scopes can't be given: a service is registered by an administrator, with a purpose.
    """
    most = scopes.parse(scope)
    if most.unknown or not most or scopes.Context.SYSTEM in most.contexts():
        raise BadClient("scope", "give scopes of apps; services are registered by hand")
    token = fresh(PREFIX)
    connection().execute(
        "insert into access.smart_registration (hash, note, scope, made, made_by, ends, uses)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        [digest(token), note, str(most), moment(), by, moment(lifetime), uses],
    )
    return token


def register_by_token(token: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Register a client as RFC 7591 describes it; answers the client information response.

    Raises :class:`NotInvited` and :class:`BadMetadata`; a refused client uses nothing up.
    """
    with transaction():
        row = (
            connection()
            .execute(
                "update access.smart_registration set uses = uses - 1"
                " where hash = %s and uses > 0 and ends > %s returning scope, note, made_by",
                [digest(token), moment()],
            )
            .fetchone()
        )
        if row is None:
            raise NotInvited
        most, note, by = row
        try:
            client, secret = clients.register(_client(metadata, most), by=f"{by} ({note})")
        except BadClient as error:
            raise BadMetadata(_code(error.field), error.problem) from error
    return information(client, secret)


def _client(metadata: Mapping[str, Any], most: str) -> Client:
    grants = tuple(_words(metadata, "grant_types") or [clients.CODE_GRANT])
    if clients.SERVICE_GRANT in grants:
        raise BadMetadata("invalid_client_metadata", "services are registered by an administrator")
    if _words(metadata, "response_types") not in ([], ["code"]):
        raise BadMetadata("invalid_client_metadata", "response_types is code")
    asked = scopes.parse(_text(metadata, "scope") or _DEFAULT_SCOPE)
    granted = scopes.narrow(asked, scopes.parse(most))
    if not granted:
        raise BadMetadata("invalid_client_metadata", "none of these scopes may be registered")
    jwks = metadata.get("jwks")
    if jwks is not None and not isinstance(jwks, dict):
        raise BadMetadata("invalid_client_metadata", "jwks is an object")
    return Client(
        client_id="",
        name=_text(metadata, "client_name") or "",
        method=_text(metadata, "token_endpoint_auth_method") or clients.SECRET,
        grants=grants,
        redirects=tuple(_words(metadata, "redirect_uris")),
        scope=str(granted),
        jwks=json.dumps(jwks) if jwks else "",
        contacts=tuple(_words(metadata, "contacts")),
        dpop=metadata.get("dpop_bound_access_tokens") is True,
        launch_uri=_text(metadata, "initiate_login_uri"),
        client_uri=_text(metadata, "client_uri"),
        logo_uri=_text(metadata, "logo_uri"),
        policy_uri=_text(metadata, "policy_uri"),
        tos_uri=_text(metadata, "tos_uri"),
        jwks_uri=_text(metadata, "jwks_uri"),
    )


def _text(metadata: Mapping[str, Any], name: str) -> str:
    value = metadata.get(name, "")
    if not isinstance(value, str) or len(value) > 4000 or "\0" in value:
        raise BadMetadata("invalid_client_metadata", f"{name} is a text")
    return value


def _words(metadata: Mapping[str, Any], name: str) -> list[str]:
    value = metadata.get(name, [])
    if (
        not isinstance(value, list)
        or len(value) > 20
        or not all(
            isinstance(each, str) and len(each) <= 2000 and "\0" not in each for each in value
        )
    ):
        raise BadMetadata("invalid_client_metadata", f"{name} is a list of texts")
    return list(value)


def _code(field: str) -> str:
    return "invalid_redirect_uri" if field == "redirects" else "invalid_client_metadata"


def information(client: Client, secret: str) -> dict[str, Any]:
    """The client information response (RFC 7591 § 3.2.1)."""
    told: dict[str, Any] = {
        "client_id": client.client_id,
        "client_id_issued_at": client.made // _SECOND,
        "client_name": client.name,
        "token_endpoint_auth_method": client.method,
        "grant_types": list(client.grants),
        "response_types": ["code"],
        "redirect_uris": list(client.redirects),
        "scope": client.scope,
        "dpop_bound_access_tokens": client.dpop,
    }
    if secret:
        told |= {"client_secret": secret, "client_secret_expires_at": 0}
    if client.jwks:
        told["jwks"] = json.loads(client.jwks)
    if client.contacts:
        told["contacts"] = list(client.contacts)
    for name in _TEXTS:
        if value := getattr(client, name):
            told[name] = value
    return told
