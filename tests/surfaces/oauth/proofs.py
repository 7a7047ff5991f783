"""Signatures of clients: assertions and DPoP proofs, right ones and wrong ones."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from fellesjournal.access.smart.assertions import ASSERTION_TYPE
from tests.surfaces.oauth.flow import ROOT

TOKEN = f"{ROOT}/oauth/token"

# Made once: an RSA key takes its time.
EC_KEY = ECKey.generate_key("P-384", auto_kid=True)
RSA_KEY = RSAKey.generate_key(2048, auto_kid=True)


def public_set(*keys: ECKey | RSAKey) -> str:
    """A JWK Set to register."""
    return json.dumps({"keys": [{**key.as_dict(private=False), "kid": key.kid} for key in keys]})


def assertion(client_id: str, key: ECKey | RSAKey = EC_KEY, **claims: Any) -> str:
    """A client assertion, good if nothing else is said; a claim None is left out."""
    algorithm = "ES384" if isinstance(key, ECKey) else "RS384"
    now = int(time.time())
    values = {
        "iss": client_id,
        "sub": client_id,
        "aud": TOKEN,
        "exp": now + 60,
        "jti": secrets.token_urlsafe(16),
        **claims,
    }
    return jwt.encode(
        {"alg": algorithm, "kid": key.kid},
        {name: value for name, value in values.items() if value is not None},
        key,
        [algorithm],
    )


def by_assertion(text: str) -> dict[str, str]:
    """The form fields that carry an assertion."""
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": text}


def proof(key: ECKey, method: str, url: str, *, token: str = "", **claims: Any) -> str:
    """A DPoP proof, good if nothing else is said."""
    values: dict[str, Any] = {
        "jti": secrets.token_urlsafe(16),
        "htm": method,
        "htu": url,
        "iat": int(time.time()),
    }
    if token:
        values["ath"] = encoded(hashlib.sha256(token.encode()).digest())
    values |= claims
    header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": key.as_dict(private=False)}
    return jwt.encode(
        header, {name: value for name, value in values.items() if value is not None}, key, ["ES256"]
    )


def encoded(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(claims: dict[str, Any], **header: Any) -> str:
    """A JWT that says of itself that it needs no signature."""
    parts = [json.dumps({"alg": "none", **header}), json.dumps(claims)]
    return ".".join(encoded(part.encode()) for part in parts) + "."


def hs256(claims: dict[str, Any], secret: bytes, *, kid: str) -> str:
    """A JWT "signed" with something that others know; by hand, for no library does it."""
    parts = [json.dumps({"alg": "HS256", "kid": kid}), json.dumps(claims)]
    text = ".".join(encoded(part.encode()) for part in parts)
    return f"{text}.{encoded(hmac.digest(secret, text.encode(), 'sha256'))}"
