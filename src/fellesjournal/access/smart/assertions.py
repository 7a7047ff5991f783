"""Clients that prove who they are by a signature (private_key_jwt: RFC 7523 § 2.2 and
http://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html).

authlib's own check takes joserfc's default algorithms, which have neither RS384 nor ES384;
hence these few lines on joserfc itself.
"""

from __future__ import annotations

import json
import time
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from fellesjournal.access.smart import once
from fellesjournal.access.smart.clients import KEY, Client, client_of
from fellesjournal.access.smart.fetching import NotFetched, fetch
from fellesjournal.access.smart.public_keys import BadKey, key_set
from fellesjournal.access.smart.secret_values import moment

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("RS384", "ES384")
LONGEST_SECONDS = 300
_LEEWAY_SECONDS = 5
_SECOND = 1_000_000
_LONGEST = 8_000
_FETCHED_SECONDS = 300.0
_REFETCHED_SECONDS = 30.0
_LARGEST_SET = 100_000

# jwks_uri -> (fetched at, keys)
_fetched: dict[str, tuple[float, KeySet]] = {}


class BadAssertion(ValueError):
    """An assertion that proves nothing; the message is for the client's developer."""


def client_by_assertion(assertion: str, audiences: tuple[str, ...]) -> Client:
    """The client that signed an assertion for one of these token endpoints.

    Raises :class:`BadAssertion`; an unknown client and a bad signature are told alike.
    """
    header, claims = _unverified(assertion)
    client_id = claims.get("sub")
    client = client_of(client_id) if isinstance(client_id, str) else None
    if client is None or client.method != KEY:
        raise BadAssertion("the assertion proves no known client")
    if header.get("jku") not in {None, client.jwks_uri or None}:
        raise BadAssertion("jku is not the registered address of keys")
    verified = _verified(assertion, client, str(header.get("kid") or ""))
    _check_claims(verified, client, audiences)
    return client


def _unverified(assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if len(assertion) > _LONGEST:
        raise BadAssertion("the assertion is too long")
    try:
        extracted = jws.extract_compact(assertion.encode())
        claims = json.loads(extracted.payload)
        header = extracted.headers()
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise BadAssertion("the assertion is no signed JWT") from error
    if not isinstance(claims, dict):
        raise BadAssertion("the assertion holds no claims")
    return dict(header), claims


def _verified(assertion: str, client: Client, kid: str) -> dict[str, Any]:
    try:
        keys = _keys(client, kid)
        return jwt.decode(assertion, keys, list(ALGORITHMS)).claims
    except (JoseError, ValueError) as error:
        raise BadAssertion("the assertion proves no known client") from error


def _check_claims(claims: dict[str, Any], client: Client, audiences: tuple[str, ...]) -> None:
    now = moment() // _SECOND
    registry = jwt.JWTClaimsRegistry(
        now=now,
        leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "value": client.client_id},
        sub={"essential": True, "value": client.client_id},
        aud={"essential": True, "values": list(audiences)},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        registry.validate(claims)
    except JoseError as error:
        raise BadAssertion(f"the assertion is not valid: {error.error}") from error
    ends = int(claims["exp"])
    if ends > now + LONGEST_SECONDS + _LEEWAY_SECONDS:
        raise BadAssertion("the assertion is valid for more than five minutes")
    identity = f"{client.client_id} {claims['jti']}"
    if not once.first_time("assertion", identity, ends=(ends + 2 * _LEEWAY_SECONDS) * _SECOND):
        raise BadAssertion("the assertion was used before")


def _keys(client: Client, kid: str) -> KeySet:
    if client.jwks:
        return key_set(client.jwks)
    held = _fetched.get(client.jwks_uri)
    now = time.monotonic()
    if held is not None:
        age = now - held[0]
        known = any(key.kid == kid for key in held[1])
        if age < _REFETCHED_SECONDS or (known and age < _FETCHED_SECONDS):
            return held[1]
    keys = _fetch(client.jwks_uri)
    _fetched[client.jwks_uri] = (now, keys)
    return keys


def _fetch(address: str) -> KeySet:
    """The keys at a registered address. Raises :class:`BadAssertion`."""
    try:
        return key_set(fetch(address, most=_LARGEST_SET))
    except (NotFetched, BadKey) as error:
        raise BadAssertion("the registered address of keys does not answer with keys") from error
