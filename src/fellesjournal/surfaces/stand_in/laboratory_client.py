"""The stand-in laboratory as a client of the platform: its key, and its registration, which
exists only as long as the stand-in may be used.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from joserfc.jwk import ECKey

from fellesjournal.access.identity.keys import kept_key
from fellesjournal.access.smart.clients import (
    KEY,
    SERVICE_GRANT,
    BadClient,
    Client,
    all_clients,
    disable,
    enable,
    register,
)
from fellesjournal.surfaces.stand_in.laboratory import SCOPE

_PREFIX = "stand-in-laboratory-"


def laboratory_key(data: Path) -> ECKey:
    """The laboratory's private key, made once and kept in the data folder."""
    key = kept_key(data / "stand-in-laboratory.json", lambda: ECKey.generate_key("P-384"))
    assert isinstance(key, ECKey)  # as it was made
    return key


def client_id(data: Path) -> str:
    """What it is registered as: its key tells it apart from that of another data folder."""
    return _PREFIX + laboratory_key(data).thumbprint()[:12].lower().replace("_", "-")


def let_in(data: Path) -> None:
    """Register the laboratory, or let it in again; for a demo with the stand-in only."""
    key = laboratory_key(data)
    jwks = {"keys": [{**key.as_dict(private=False), "kid": key.kid}]}
    with suppress(BadClient):  # registered at an earlier start
        register(
            Client(
                client_id=client_id(data),
                name="Laboratorium (erstatning)",
                method=KEY,
                grants=(SERVICE_GRANT,),
                redirects=(),
                scope=SCOPE,
                purpose="TREAT",
                purpose_text="Svarer på rekvisisjoner med oppdiktede verdier",
                jwks=json.dumps(jwks),
            ),
            by="system:stand-in",
        )
    if any(each.client_id == client_id(data) and each.disabled for each in all_clients()):
        enable(client_id(data))


def shut_out() -> None:
    """End every stand-in laboratory: outside of a demo none may answer."""
    for each in all_clients():
        if each.client_id.startswith(_PREFIX) and each.disabled is None:
            disable(each.client_id)


__all__ = ["client_id", "laboratory_key", "let_in", "shut_out"]
