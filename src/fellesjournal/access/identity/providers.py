"""The two identity providers and what each demands. Configured by settings only.

HelseID: OpenID Connect with pushed authorisation requests (RFC 9126), ``private_key_jwt``
(RFC 7523), PKCE (RFC 7636) and DPoP (RFC 9449). ID-porten: PKCE, ``private_key_jwt`` or a
client secret; the client itself must check ``acr``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from joserfc.jwk import ECKey, OKPKey, RSAKey

PrivateKey = ECKey | RSAKey | OKPKey


class ProviderName(StrEnum):
    """Which provider; the value stands in addresses and in the session's row."""

    HELSEID = "helseid"
    IDPORTEN = "idporten"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as this platform uses it.

    ``algorithms`` are those its id_token may be signed with: public keys only, so that
    neither ``none`` nor a shared secret can pass. ``in_process`` says that the issuer is this
    very server, which is then called without a network.
    """

    name: ProviderName
    issuer: str
    client_id: str
    key: PrivateKey | None = field(default=None, repr=False)
    secret: str = field(default="", repr=False)
    algorithms: tuple[str, ...] = ("RS256",)
    scopes: tuple[str, ...] = ("openid",)
    pushed: bool = False
    dpop: bool = False
    acr_values: str = ""
    in_process: bool = False


HELSEID_SCOPES = (
    "openid",
    "profile",
    "helseid://scopes/identity/pid",
    "helseid://scopes/identity/security_level",
    "helseid://scopes/identity/assurance_level",
    "helseid://scopes/hpr/hpr_number",
)
IDPORTEN_HIGH = "idporten-loa-high"


def helseid(*, issuer: str, client_id: str, key: PrivateKey, in_process: bool = False) -> Provider:
    """HelseID: everything it has to offer is required."""
    return Provider(
        name=ProviderName.HELSEID,
        issuer=issuer,
        client_id=client_id,
        key=key,
        algorithms=("RS256", "PS256", "ES256"),
        scopes=HELSEID_SCOPES,
        pushed=True,
        dpop=True,
        acr_values="Level4",
        in_process=in_process,
    )


def idporten(
    *,
    issuer: str,
    client_id: str,
    key: PrivateKey | None = None,
    secret: str = "",
    in_process: bool = False,
) -> Provider:
    """ID-porten at the high level. Raises ValueError without a key and without a secret."""
    if key is None and not secret:
        raise ValueError("ID-porten needs a key or a client secret")
    return Provider(
        name=ProviderName.IDPORTEN,
        issuer=issuer,
        client_id=client_id,
        key=key,
        secret=secret,
        scopes=("openid", "profile"),
        acr_values=IDPORTEN_HIGH,
        in_process=in_process,
    )
