"""The keys the stand-in signs with, made once and kept in the data folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from joserfc.jwk import ECKey, RSAKey

from fellesjournal.access.identity.keys import kept_key
from fellesjournal.access.identity.providers import PrivateKey, ProviderName

# As the real ones: ID-porten signs with RS256.
ALGORITHM = {ProviderName.HELSEID: "ES256", ProviderName.IDPORTEN: "RS256"}


def signing_key(name: ProviderName) -> PrivateKey:
    """The private key of an issuer."""
    return _kept(settings.ENVIRONMENT.data / f"stand-in-{name}.json", ALGORITHM[name])


def public_keys(name: ProviderName) -> list[dict[str, object]]:
    """The issuer's JWKS entries."""
    key = signing_key(name)
    return [{**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM[name]}]


@cache
def _kept(file: Path, algorithm: str) -> PrivateKey:
    if algorithm == "ES256":
        return kept_key(file, lambda: ECKey.generate_key("P-256"))
    return kept_key(file, lambda: RSAKey.generate_key(2048))
