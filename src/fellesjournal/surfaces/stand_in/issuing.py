"""Codes and tokens of the stand-in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from joserfc import jwt

from fellesjournal.access.identity import held
from fellesjournal.access.identity.providers import ProviderName
from fellesjournal.access.identity.tokens import half_hash
from fellesjournal.foundation import clock
from fellesjournal.surfaces.signing_in.providers import STAND_IN_CLIENT
from fellesjournal.surfaces.stand_in import keys, people
from fellesjournal.surfaces.stand_in.checks import Refused, check_verifier
from fellesjournal.surfaces.stand_in.people import DemoPerson

_CODE_SECONDS = 60
_TOKEN_SECONDS = 600


def issue_code(
    name: ProviderName, issuer: str, request: Mapping[str, str], person: DemoPerson
) -> str:
    """A code for what was asked, about the person chosen; good once, for a minute."""
    now = int(clock.now().timestamp())
    return held.hold(
        f"stand-in-code-{name}",
        {
            "redirect_uri": request["redirect_uri"],
            "challenge": request["code_challenge"],
            "thumbprint": request.get("dpop_jkt", ""),
            "claims": {
                **people.claims_about(name, person),
                "iss": issuer,
                "sub": people.subject_of(issuer, person),
                "aud": STAND_IN_CLIENT,
                "nonce": request["nonce"],
                "auth_time": now,
                "sid": secrets.token_urlsafe(16),
            },
        },
        seconds=_CODE_SECONDS,
    )


def redeem(name: ProviderName, form: Mapping[str, str], thumbprint: str) -> dict[str, Any]:
    """The token answer for a code. Raises Refused (``invalid_grant``)."""
    if form.get("grant_type") != "authorization_code":
        raise Refused("unsupported_grant_type")
    # Taken before it is checked: a code that was tried with a wrong proof is burnt.
    kept = held.take(f"stand-in-code-{name}", form.get("code", ""))
    if kept is None or kept["redirect_uri"] != form.get("redirect_uri"):
        raise Refused("invalid_grant")
    check_verifier(form.get("code_verifier", ""), kept["challenge"])
    if kept["thumbprint"] and kept["thumbprint"] != thumbprint:
        raise Refused("invalid_grant")
    claims = kept["claims"]
    access_token = held.hold(
        f"stand-in-token-{name}",
        {"claims": claims, "thumbprint": thumbprint},
        seconds=_TOKEN_SECONDS,
    )
    return {
        "access_token": access_token,
        "token_type": "DPoP" if thumbprint else "Bearer",
        "expires_in": _TOKEN_SECONDS,
        "id_token": _id_token(name, claims, access_token),
        "scope": "openid profile",
    }


def _id_token(name: ProviderName, claims: dict[str, Any], access_token: str) -> str:
    algorithm = keys.ALGORITHM[name]
    key = keys.signing_key(name)
    now = int(clock.now().timestamp())
    whole = {
        **claims,
        "at_hash": half_hash(access_token, algorithm),
        "iat": now,
        "nbf": now,
        "exp": now + 120,
        "jti": secrets.token_urlsafe(16),
    }
    return jwt.encode({"alg": algorithm, "kid": str(key.kid)}, whole, key, algorithms=[algorithm])


def userinfo(name: ProviderName, access_token: str) -> tuple[dict[str, Any], str]:
    """The claims an access token stands for and the thumbprint it is bound to."""
    kept = held.look(f"stand-in-token-{name}", access_token)
    if kept is None:
        raise Refused("invalid_token", 401)
    technical = {"iss", "aud", "nonce", "auth_time", "sid"}
    told = {key: value for key, value in kept["claims"].items() if key not in technical}
    return told, str(kept["thumbprint"])
