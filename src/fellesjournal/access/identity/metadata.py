"""What a provider tells about itself: its addresses and its keys. Kept for a while.

OpenID Connect Discovery 1.0; RFC 8414.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from fellesjournal.access.identity.providers import Provider
from fellesjournal.access.identity.refusals import ProviderUnavailable, SignInRefused
from fellesjournal.access.identity.tokens import PublicKey
from fellesjournal.access.identity.transport import call, json_of

_KEPT_SECONDS = 3600.0
# An unknown key id makes us look again, but never more often than this: a stranger could
# otherwise have us ask the provider with every forged token.
_KEYS_AGAIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Metadata:
    """The addresses of a provider; "" for those it does not have."""

    issuer: str
    authorization: str
    token: str
    keys: str
    pushed: str
    userinfo: str
    end_session: str
    names_issuer: bool


@dataclass(slots=True)
class _Kept:
    at: float
    metadata: Metadata
    keys: dict[str, PublicKey]
    keys_at: float


_kept: dict[str, _Kept] = {}
_lock = threading.Lock()


def metadata_of(provider: Provider) -> Metadata:
    """The provider's metadata. Raises ProviderUnavailable."""
    return _of(provider).metadata


def key_of(provider: Provider, header: dict[str, Any]) -> PublicKey:
    """The provider's key that a token's header names; asks for new keys when it is unknown.

    Raises SignInRefused (``signature``) when there is none, ProviderUnavailable.
    """
    kept = _of(provider)
    name = header.get("kid")
    if not isinstance(name, str):
        raise SignInRefused("signature", "the token names no key")
    if name not in kept.keys and time.monotonic() - kept.keys_at >= _KEYS_AGAIN_SECONDS:
        kept.keys, kept.keys_at = _keys(provider, kept.metadata), time.monotonic()
    if name not in kept.keys:
        raise SignInRefused("signature", "the token is signed with an unknown key")
    return kept.keys[name]


def forget() -> None:
    """Ask again at the next need; for tests."""
    _kept.clear()


def _of(provider: Provider) -> _Kept:
    kept = _kept.get(provider.issuer)
    if kept is not None and time.monotonic() - kept.at < _KEPT_SECONDS:
        return kept
    metadata = _ask(provider)
    kept = _Kept(time.monotonic(), metadata, _keys(provider, metadata), time.monotonic())
    with _lock:
        if len(_kept) > 16:  # a few issuers exist; the stand-in has one per name of this machine
            _kept.clear()
        _kept[provider.issuer] = kept
    return kept


def _ask(provider: Provider) -> Metadata:
    _require_safe(provider.issuer, in_process=provider.in_process)
    url = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    answer = call(provider, "GET", url)
    if answer.status_code != 200:
        raise ProviderUnavailable(f"{provider.name}: its configuration is not there")
    found = json_of(answer)
    if found.get("issuer") != provider.issuer:
        raise ProviderUnavailable(f"{provider.name}: it says it is another issuer")

    def address(name: str, *, optional: bool = False) -> str:
        return _address(found, name, optional=optional, in_process=provider.in_process)

    return Metadata(
        issuer=provider.issuer,
        authorization=address("authorization_endpoint"),
        token=address("token_endpoint"),
        keys=address("jwks_uri"),
        pushed=address("pushed_authorization_request_endpoint", optional=not provider.pushed),
        userinfo=address("userinfo_endpoint", optional=True),
        end_session=address("end_session_endpoint", optional=True),
        names_issuer=found.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(found: dict[str, Any], name: str, *, optional: bool, in_process: bool) -> str:
    value = found.get(name)
    if optional and not value:
        return ""
    if not isinstance(value, str):
        raise ProviderUnavailable(f"the provider names no {name}")
    _require_safe(value, in_process=in_process)
    return value


def _require_safe(url: str, *, in_process: bool) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not in_process:
        raise ProviderUnavailable("a provider must be reached over https")


def _keys(provider: Provider, metadata: Metadata) -> dict[str, PublicKey]:
    listed = json_of(call(provider, "GET", metadata.keys)).get("keys")
    if not isinstance(listed, list):
        raise ProviderUnavailable(f"{provider.name}: its keys can't be read")
    found: dict[str, PublicKey] = {}
    for entry in listed:
        if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
            continue
        try:
            key = JWKRegistry.import_key(entry)
        except (JoseError, ValueError, KeyError, TypeError):
            continue  # a kind of key that we don't know is no reason to refuse the others
        if isinstance(key, ECKey | RSAKey | OKPKey) and key.kid:
            found[key.kid] = key
    return found
