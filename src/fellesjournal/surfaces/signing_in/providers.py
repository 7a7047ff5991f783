"""Which providers this installation signs people in with, from the settings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from joserfc.jwk import ECKey

from fellesjournal.access.identity import providers
from fellesjournal.access.identity.keys import kept_key, read_key
from fellesjournal.access.identity.providers import PrivateKey, Provider, ProviderName

STAND_IN_CLIENT = "fellesjournal"
_PROVIDER_OF = {"staff": ProviderName.HELSEID, "citizen": ProviderName.IDPORTEN}


def own_address(request: HttpRequest) -> str:
    """How the browser reaches this server: the public address, else the one it has used."""
    if settings.ENVIRONMENT.url:
        return str(settings.PUBLIC_URL)
    return f"{request.scheme}://{request.get_host()}"


def provider_for(request: HttpRequest, kind: str) -> Provider | None:
    """The provider of ``staff`` or ``citizen``; None when it is not set up."""
    return provider_named(request, _PROVIDER_OF[kind])


def provider_named(request: HttpRequest, name: ProviderName) -> Provider | None:
    """A provider by its name; None when it is not set up."""
    if settings.STAND_IN:
        return _stand_in(own_address(request), name)
    if name is ProviderName.HELSEID:
        return _helseid()
    return _idporten()


def client_key() -> PrivateKey:
    """The key our client uses towards the stand-in."""
    return _kept(settings.ENVIRONMENT.data / "stand-in-client.json")


@cache
def _kept(file: Path) -> PrivateKey:
    return kept_key(file, lambda: ECKey.generate_key("P-256"))


def _stand_in(address: str, name: ProviderName) -> Provider:
    make = providers.helseid if name is ProviderName.HELSEID else providers.idporten
    return make(
        issuer=f"{address}/stand-in/{name}",
        client_id=STAND_IN_CLIENT,
        key=client_key(),
        in_process=True,
    )


@cache
def _helseid() -> Provider | None:
    given = settings.ENVIRONMENT
    if not (given.helseid_issuer and given.helseid_client_id and given.helseid_key_file):
        return None
    return providers.helseid(
        issuer=given.helseid_issuer,
        client_id=given.helseid_client_id,
        key=read_key(given.helseid_key_file),
    )


@cache
def _idporten() -> Provider | None:
    given = settings.ENVIRONMENT
    if not (given.idporten_issuer and given.idporten_client_id):
        return None
    return providers.idporten(
        issuer=given.idporten_issuer,
        client_id=given.idporten_client_id,
        key=read_key(given.idporten_key_file) if given.idporten_key_file else None,
        secret=given.idporten_secret or "",
    )
