"""Signed tokens read with nothing taken on trust: the algorithm is ours to choose, not theirs."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Collection
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from fellesjournal.access.identity.refusals import SignInRefused

PublicKey = ECKey | RSAKey | OKPKey

# Every one is made with a private key: no ``none``, no secret that a public key could stand for.
SAFE_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
                             "ES256", "ES384", "ES512", "EdDSA"})  # fmt: skip
_KEY_TYPE = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
_MOST_CHARACTERS = 20_000


def header_of(token: str) -> dict[str, Any]:
    """The header of a compact token, not verified. Raises SignInRefused (``malformed``)."""
    if len(token) > _MOST_CHARACTERS or token.count(".") != 2:
        raise SignInRefused("malformed", "this is not a signed token")
    try:
        part = token.split(".", 1)[0]
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError) as error:
        raise SignInRefused("malformed", "the header of the token can't be read") from error
    if not isinstance(header, dict) or not isinstance(header.get("alg"), str):
        raise SignInRefused("malformed", "the header of the token names no algorithm")
    if "crit" in header:
        raise SignInRefused("malformed", "the token demands an extension that is not known")
    return header


def claims_of(
    token: str, key_for: Callable[[dict[str, Any]], PublicKey], *, algorithms: Collection[str]
) -> dict[str, Any]:
    """The claims of a token whose signature holds; times are not looked at.

    ``key_for`` finds the key that the header speaks of. Raises SignInRefused: ``algorithm``
    for any outside ``algorithms``, ``signature``, ``malformed``.
    """
    header = header_of(token)
    algorithm = header["alg"]
    if algorithm not in algorithms or algorithm not in SAFE_ALGORITHMS:
        raise SignInRefused("algorithm", "the token is signed in a way that is not accepted")
    key = key_for(header)
    if key.key_type != _KEY_TYPE[algorithm[:2]]:
        raise SignInRefused("algorithm", "the algorithm does not fit the key")
    try:
        claims = jwt.decode(token, key, algorithms=[algorithm]).claims
    except (JoseError, ValueError) as error:
        raise SignInRefused("signature", "the signature of the token does not hold") from error
    if not isinstance(claims, dict):
        raise SignInRefused("malformed", "the token holds no claims")
    return claims


def half_hash(text: str, algorithm: str) -> str:
    """The left half of a hash, as ``at_hash`` has it (OpenID Connect Core 3.1.3.6)."""
    size = "512" if algorithm == "EdDSA" else algorithm[-3:]
    digest = hashlib.new(f"sha{size}", text.encode("ascii")).digest()
    return unpadded(digest[: len(digest) // 2])


def hash_of(text: str) -> str:
    """SHA-256, base64url: ``ath`` of DPoP and ``S256`` of PKCE."""
    return unpadded(hashlib.sha256(text.encode("ascii")).digest())


def unpadded(raw: bytes) -> str:
    """base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def number_claim(claims: dict[str, Any], name: str) -> int | None:
    """A NumericDate claim in whole seconds; None when absent. Raises SignInRefused."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e11:
        raise SignInRefused("malformed", f"{name} is not a time")
    return int(value)
