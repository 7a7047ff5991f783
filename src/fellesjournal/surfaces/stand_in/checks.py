"""What the stand-in demands of a client, as strictly as the real providers."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from fellesjournal.access.identity import held
from fellesjournal.access.identity.proofs import ASSERTION_TYPE
from fellesjournal.access.identity.refusals import SignInRefused
from fellesjournal.access.identity.tokens import claims_of, hash_of, number_claim
from fellesjournal.foundation import clock
from fellesjournal.surfaces.signing_in.providers import STAND_IN_CLIENT, client_key

_LONGEST_ASSERTION = 60
_PROOF_SECONDS = 60
_SKEW = 10


class Refused(Exception):
    """The request is answered with an OAuth error code (RFC 6749, 5.2)."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


def check_client(form: Mapping[str, str], issuer: str) -> None:
    """``private_key_jwt`` (RFC 7523): the one client, its key, this issuer, once."""
    refusal = Refused("invalid_client", 401)
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise refusal
    try:
        claims = claims_of(
            form.get("client_assertion", ""),
            lambda _header: client_key(),
            algorithms=("ES256",),
        )
        expires = number_claim(claims, "exp") or 0
    except SignInRefused as error:
        raise refusal from error
    now = clock.now().timestamp()
    identifier = claims.get("jti")
    if (
        claims.get("iss") != STAND_IN_CLIENT
        or claims.get("sub") != STAND_IN_CLIENT
        or claims.get("aud") != issuer
        or form.get("client_id", STAND_IN_CLIENT) != STAND_IN_CLIENT
        or not now - _SKEW < expires <= now + _LONGEST_ASSERTION
        or not isinstance(identifier, str)
        or not held.first_use("stand-in-assertion", identifier, seconds=2 * _LONGEST_ASSERTION)
    ):
        raise refusal


def check_proof(proof: str, method: str, url: str, *, access_token: str = "") -> str:
    """A DPoP proof (RFC 9449, 4.3) for this request, once; answers its key's thumbprint."""
    refusal = Refused("invalid_dpop_proof")
    try:
        keys: list[ECKey] = []

        def own_key(header: dict[str, Any]) -> ECKey:
            given = header.get("jwk")
            if header.get("typ") != "dpop+jwt" or not isinstance(given, dict) or "d" in given:
                raise refusal
            keys.append(ECKey.import_key(given))
            return keys[0]

        claims = claims_of(proof, own_key, algorithms=("ES256",))
        issued = number_claim(claims, "iat") or 0
    except (SignInRefused, JoseError, ValueError, KeyError, TypeError) as error:
        raise refusal from error
    now = clock.now().timestamp()
    identifier = claims.get("jti")
    if (
        claims.get("htm") != method
        or claims.get("htu") != url
        or not now - _PROOF_SECONDS <= issued <= now + _SKEW
        or (access_token and claims.get("ath") != hash_of(access_token))
        or not isinstance(identifier, str)
        or not held.first_use("stand-in-proof", identifier, seconds=2 * _PROOF_SECONDS)
    ):
        raise refusal
    return keys[0].thumbprint()


def check_verifier(verifier: str, challenge: str) -> None:
    """PKCE, S256 only (RFC 7636)."""
    if not verifier.isascii() or not hmac.compare_digest(hash_of(verifier), challenge):
        raise Refused("invalid_grant")


def check_request(request: Mapping[str, str], redirect_uri: str) -> None:
    """An authorization request as it must be, before anybody is asked anything."""
    if request.get("client_id") != STAND_IN_CLIENT:
        raise Refused("invalid_client", 401)
    if request.get("redirect_uri") != redirect_uri:
        raise Refused("invalid_request")
    if request.get("response_type") != "code":
        raise Refused("unsupported_response_type")
    if "openid" not in request.get("scope", "").split():
        raise Refused("invalid_scope")
    if (
        request.get("code_challenge_method") != "S256"
        or len(request.get("code_challenge", "")) < 43
    ):
        raise Refused("invalid_request")
    if not request.get("state") or not request.get("nonce"):
        raise Refused("invalid_request")
