"""What the client proves to a provider: who it is, and that it holds a key."""

from __future__ import annotations

import secrets
from datetime import datetime
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from fellesjournal.access.identity.providers import PrivateKey, Provider
from fellesjournal.access.identity.tokens import hash_of

_ASSERTION_SECONDS = 30
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def algorithm_of(key: PrivateKey) -> str:
    """The algorithm a key of ours signs with: the one it names, else the usual of its kind."""
    if key.alg:
        return str(key.alg)
    if isinstance(key, ECKey):
        return {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}[key.curve_name]
    return "PS256" if key.key_type == "RSA" else "EdDSA"


def client_assertion(provider: Provider, *, now: datetime) -> str:
    """``private_key_jwt`` (RFC 7523): valid half a minute, for this issuer, once."""
    assert provider.key is not None  # asked for only with a key
    seconds = int(now.timestamp())
    algorithm = algorithm_of(provider.key)
    header = {"alg": algorithm, "typ": "client-authentication+jwt"}
    if provider.key.kid:
        header["kid"] = provider.key.kid
    claims = {
        "iss": provider.client_id,
        "sub": provider.client_id,
        "aud": provider.issuer,
        "jti": secrets.token_urlsafe(24),
        "iat": seconds,
        "nbf": seconds,
        "exp": seconds + _ASSERTION_SECONDS,
    }
    return jwt.encode(header, claims, provider.key, algorithms=[algorithm])


def dpop_key() -> ECKey:
    """A fresh key for the proofs of one sign-in."""
    return ECKey.generate_key("P-256")


def dpop_proof(
    key: ECKey, method: str, url: str, *, now: datetime, access_token: str = "", nonce: str = ""
) -> str:
    """A proof of possession for one request (RFC 9449, section 4)."""
    claims: dict[str, str | int] = {
        "jti": secrets.token_urlsafe(24),
        "htm": method,
        "htu": urlsplit(url)._replace(query="", fragment="").geturl(),
        "iat": int(now.timestamp()),
    }
    if access_token:
        claims["ath"] = hash_of(access_token)
    if nonce:
        claims["nonce"] = nonce
    header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims, key, algorithms=["ES256"])
