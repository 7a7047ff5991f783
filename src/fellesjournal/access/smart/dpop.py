"""Tokens that only the holder of a key can use (DPoP, RFC 9449)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from fellesjournal.access.smart import once
from fellesjournal.access.smart.public_keys import BadKey, key_of
from fellesjournal.access.smart.secret_values import moment

ALGORITHMS = ("ES256", "ES384", "RS256", "PS256")
_OLDEST_SECONDS = 60
_LEEWAY_SECONDS = 5
_SECOND = 1_000_000
_LONGEST = 8_000


class BadProof(ValueError):
    """A proof that proves nothing."""


def key_of_proof(proof: str, *, method: str, url: str, access_token: str = "") -> str:
    """Check a proof for one request; answers the thumbprint (RFC 7638) of its key.

    ``url`` is the address asked for; query and fragment do not count. With ``access_token``
    the proof must name it (``ath``). A proof is taken once. Raises :class:`BadProof`.
    """
    key, claims = _verified(proof)
    now = moment() // _SECOND
    made = claims.get("iat")
    if not isinstance(made, int) or isinstance(made, bool):
        raise BadProof("iat is missing")
    if not now - _OLDEST_SECONDS <= made <= now + _LEEWAY_SECONDS:
        raise BadProof("the proof is not of this minute")
    if claims.get("htm") != method:
        raise BadProof("the proof is for another method")
    if not _same_address(claims.get("htu"), url):
        raise BadProof("the proof is for another address")
    if access_token and not _names(claims.get("ath"), access_token):
        raise BadProof("the proof is for another token")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 1 <= len(jti) <= 200:
        raise BadProof("jti is missing")
    thumbprint = key.thumbprint()
    ends = (now + _OLDEST_SECONDS + 2 * _LEEWAY_SECONDS) * _SECOND
    if not once.first_time("proof", f"{thumbprint} {jti}", ends=ends):
        raise BadProof("the proof was used before")
    return thumbprint


def _verified(proof: str) -> tuple[ECKey | RSAKey, dict[str, Any]]:
    if len(proof) > _LONGEST:
        raise BadProof("the proof is too long")
    try:
        header = jws.extract_compact(proof.encode()).headers()
        key = _key(header)
        return key, jwt.decode(proof, key, list(ALGORITHMS)).claims
    except BadKey as error:
        raise BadProof(str(error)) from error
    except BadProof:
        raise
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadProof("the proof's signature does not hold") from error


def _key(header: Mapping[str, Any]) -> ECKey | RSAKey:
    given = header.get("jwk")
    if header.get("typ") != "dpop+jwt" or not isinstance(given, dict):
        raise BadProof("this is no DPoP proof")
    return key_of(given)


def _same_address(claimed: object, url: str) -> bool:
    if not isinstance(claimed, str):
        return False
    try:
        one, other = urlsplit(claimed), urlsplit(url)
    except ValueError:
        return False
    return (one.scheme.lower(), one.netloc.lower(), one.path) == (
        other.scheme.lower(),
        other.netloc.lower(),
        other.path,
    )


def _names(claimed: object, access_token: str) -> bool:
    made = base64.urlsafe_b64encode(hashlib.sha256(access_token.encode()).digest())
    return isinstance(claimed, str) and hmac.compare_digest(claimed.encode(), made.rstrip(b"="))
