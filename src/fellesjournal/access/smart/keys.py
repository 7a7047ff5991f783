"""The platform's own signing keys: made when needed, changed by themselves, published.

A key signs for SIGNS_FOR; its successor is made and published two days earlier, so that
nobody meets a signature by a key that his copy of the set lacks. The old key stays
published until what it signed has ended. Private keys stand in the database encrypted under
a key derived from the platform's secret key.
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from fellesjournal.access.smart.secret_values import moment
from fellesjournal.foundation.database.connection import connection, transaction

ALGORITHM = "RS256"
"""What every OpenID Connect client must understand."""
SIGNS_FOR = timedelta(days=30)
PUBLISHED_BEFORE = timedelta(days=2)
PUBLISHED_AFTER = timedelta(days=1)
_LOCK = 0x464A4B45
_REMEMBERED_SECONDS = 60.0

_remembered: tuple[float, list[SigningKey]] | None = None


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key with its times in microseconds since 1970. ``private`` None: can't be read here."""

    kid: str
    public: dict[str, Any]
    private: RSAKey | None
    signs_from: int
    signs_until: int


def sign(claims: dict[str, Any]) -> str:
    """A signed JWT by the key whose turn it is."""
    key = _current()
    assert key.private is not None
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key.private, [ALGORITHM])


def public_set() -> dict[str, Any]:
    """The JWK Set to publish: the key that signs, its successor, and those not long gone."""
    _current()
    return {"keys": [key.public for key in _keys()]}


def verifying_set() -> KeySet:
    """The same as keys, to check what the platform signed itself."""
    return KeySet.import_key_set({"keys": public_set()["keys"]})


def rotate() -> str:
    """Let a new key sign from now on; answers its kid. For an operator who has doubts."""
    now = moment()
    with transaction():
        connection().execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        connection().execute(
            "update access.smart_key set signs_until = %s, ends = %s where signs_until > %s",
            [now, now + _microseconds(PUBLISHED_AFTER), now],
        )
        kid = _make(now)
    forget()
    return kid


def forget() -> None:
    """Read the keys anew at the next use."""
    global _remembered  # noqa: PLW0603 - a cache of this process
    _remembered = None


def _current() -> SigningKey:
    now = moment()
    key = _signing(_keys(), now)
    if key is None or not _has_successor(_keys(), key, now):
        _ensure(now)
        forget()
        key = _signing(_keys(), now)
    assert key is not None
    return key


def _signing(keys: list[SigningKey], now: int) -> SigningKey | None:
    able = [k for k in keys if k.private and k.signs_from <= now < k.signs_until]
    return max(able, key=lambda key: key.signs_from, default=None)


def _has_successor(keys: list[SigningKey], key: SigningKey, now: int) -> bool:
    if key.signs_until - now > _microseconds(PUBLISHED_BEFORE):
        return True
    return any(k.private and k.signs_until > key.signs_until for k in keys)


def _ensure(now: int) -> None:
    """Make the key that is missing: one that signs now, or the next one. One process does it."""
    with transaction():
        connection().execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        keys = _read(now)
        key = _signing(keys, now)
        if key is None:
            _make(now)
        elif not _has_successor(keys, key, now):
            _make(key.signs_until)


def _make(signs_from: int) -> str:
    key = RSAKey.generate_key(2048, auto_kid=True)
    kid = key.kid
    assert kid is not None
    public = {**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM, "kid": kid}
    until = signs_from + _microseconds(SIGNS_FOR)
    connection().execute(
        "insert into access.smart_key (kid, public, private, signs_from, signs_until, ends)"
        " values (%s, %s, %s, %s, %s, %s)",
        [
            kid,
            json.dumps(public),
            _cipher().encrypt(json.dumps(key.as_dict(private=True)).encode()),
            signs_from,
            until,
            until + _microseconds(PUBLISHED_AFTER),
        ],
    )
    return kid


def _keys() -> list[SigningKey]:
    global _remembered  # noqa: PLW0603 - a cache of this process
    if _remembered is None or _remembered[0] < time.monotonic():
        _remembered = (time.monotonic() + _REMEMBERED_SECONDS, _read(moment()))
    return _remembered[1]


def _read(now: int) -> list[SigningKey]:
    rows = connection().execute(
        "select kid, public, private, signs_from, signs_until from access.smart_key"
        " where ends > %s order by signs_from",
        [now],
    )
    return [
        SigningKey(kid, json.loads(public), _decrypted(private), signs_from, signs_until)
        for kid, public, private, signs_from, signs_until in rows
    ]


def _decrypted(private: bytes) -> RSAKey | None:
    try:
        return RSAKey.import_key(json.loads(_cipher().decrypt(private)))
    except InvalidToken:  # the secret key was changed: what was signed can still be checked
        return None


def _cipher() -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"fellesjournal smart keys").derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))


def _microseconds(duration: timedelta) -> int:
    return duration // timedelta(microseconds=1)
