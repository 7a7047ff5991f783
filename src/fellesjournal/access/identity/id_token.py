"""The checks of an id_token (OpenID Connect Core 3.1.3.7), each with its own refusal."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any

from fellesjournal.access.identity.providers import Provider
from fellesjournal.access.identity.refusals import SignInRefused
from fellesjournal.access.identity.tokens import (
    PublicKey,
    claims_of,
    half_hash,
    header_of,
    number_claim,
)

SKEW_SECONDS = 30
# A token made for this sign-in is minutes old at most: the user has just come back with it.
_OLDEST_SECONDS = 600


def check_id_token(
    token: str,
    key_for: Callable[[dict[str, Any]], PublicKey],
    *,
    provider: Provider,
    nonce: str,
    access_token: str,
    now: datetime,
    max_age: int | None = None,
) -> dict[str, Any]:
    """The claims of an id_token that was made by this provider, for us, for this sign-in.

    ``max_age`` in seconds demands that the user has been authenticated that recently. Raises
    SignInRefused with code ``algorithm``, ``signature``, ``issuer``, ``audience``, ``expired``,
    ``issued-at``, ``nonce``, ``access-token-hash``, ``authentication-age`` or ``malformed``.
    """
    claims = claims_of(token, key_for, algorithms=provider.algorithms)
    if claims.get("iss") != provider.issuer:
        raise SignInRefused("issuer", "the token was made by another issuer")
    _check_audience(claims, provider.client_id)
    seconds = now.timestamp()
    check_times(claims, seconds)
    if not _same(claims.get("nonce"), nonce):
        raise SignInRefused("nonce", "the token was made for another sign-in")
    expected = half_hash(access_token, header_of(token)["alg"])
    if "at_hash" in claims and not _same(claims["at_hash"], expected):
        raise SignInRefused("access-token-hash", "the token belongs to another access token")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise SignInRefused("malformed", "the token has no subject")
    if max_age is not None:
        when = number_claim(claims, "auth_time")
        if when is None or when + max_age + SKEW_SECONDS < seconds:
            raise SignInRefused("authentication-age", "the user was not asked again")
    return claims


def check_times(claims: dict[str, Any], seconds: float) -> None:
    """``exp``, ``nbf`` and ``iat`` against the clock, in seconds since 1970."""
    expires, issued = number_claim(claims, "exp"), number_claim(claims, "iat")
    if expires is None or expires + SKEW_SECONDS <= seconds:
        raise SignInRefused("expired", "the token has expired")
    if issued is None or issued - SKEW_SECONDS > seconds or issued + _OLDEST_SECONDS < seconds:
        raise SignInRefused("issued-at", "the token was not issued just now")
    begins = number_claim(claims, "nbf")
    if begins is not None and begins - SKEW_SECONDS > seconds:
        raise SignInRefused("issued-at", "the token is not valid yet")


def _check_audience(claims: dict[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences:
        raise SignInRefused("audience", "the token was made for another client")
    party = claims.get("azp")
    if (party is not None or len(audiences) > 1) and party != client_id:
        raise SignInRefused("audience", "the token was issued to another client")


def _same(claim: object, expected: str) -> bool:
    return isinstance(claim, str) and hmac.compare_digest(claim.encode(), expected.encode())
