"""Which public keys of others are taken: RSA of at least 2048 bits, and elliptic curves."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, RSAKey

_MOST_KEYS = 20


class BadKey(ValueError):
    """A key that can't be taken; the message says why."""


def key_set(text: str) -> KeySet:
    """A JWK Set of public keys. Raises :class:`BadKey`."""
    try:
        keys = KeySet.import_key_set(json.loads(text))
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadKey("this is no JWK Set") from error
    if not 1 <= len(keys.keys) <= _MOST_KEYS:
        raise BadKey(f"a set of 1 to {_MOST_KEYS} keys is needed")
    for key in keys:
        _check(key)
    return keys


def key_of(given: dict[str, Any]) -> ECKey | RSAKey:
    """One public key from its JWK. Raises :class:`BadKey`."""
    kinds: dict[object, type[ECKey | RSAKey]] = {"EC": ECKey, "RSA": RSAKey}
    kind = kinds.get(given.get("kty"))
    if kind is None:
        raise BadKey("only RSA and EC keys are taken")
    try:
        key = kind.import_key(given)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadKey("this is no JWK") from error
    _check(key)
    return key


def _check(key: Key) -> None:
    if not isinstance(key, (ECKey, RSAKey)):
        raise BadKey("only RSA and EC keys are taken")
    if key.is_private:
        raise BadKey("a private key must never leave its owner")
    raw = key.raw_value
    if isinstance(raw, RSAPublicKey) and raw.key_size < 2048:
        raise BadKey("an RSA key has at least 2048 bits")
