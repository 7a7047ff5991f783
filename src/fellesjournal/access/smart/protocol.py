"""What authlib is told about requests and clients, and what it answers.

authlib decides the shape of requests and errors, redirects with errors, and PKCE
(``grants``, ``token_endpoints``, ``server``). It has no types: hence the remarks at its classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2 import OAuth2Request
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Error, OAuth2Payload

from fellesjournal.access.smart import clients, scopes
from fellesjournal.access.smart.clients import KEY, PUBLIC, SECRET, Client

METHODS = [KEY, SECRET, PUBLIC]
NO_STORE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))


class InvalidDpopProof(OAuth2Error):  # type: ignore[misc]  # authlib has no types
    """RFC 9449 § 5."""

    error = "invalid_dpop_proof"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request at an OAuth endpoint. ``url`` is the endpoint's own, without query;
    ``parameters`` are all values by name, of the query or of the form.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    parameters: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """``body``: JSON, or nothing. A redirect has its address among the headers."""

    status: int
    body: dict[str, Any] | None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def location(self) -> str:
        """Where to go; empty when it is no redirect."""
        return next((value for name, value in self.headers if name == "Location"), "")


class _Payload(OAuth2Payload):  # type: ignore[misc]  # authlib has no types
    def __init__(self, parameters: Mapping[str, Sequence[str]]) -> None:
        self._lists = {name: list(values) for name, values in parameters.items()}

    @property
    def data(self) -> dict[str, str]:
        return {name: values[-1] for name, values in self._lists.items() if values}

    @property
    def datalist(self) -> dict[str, list[str]]:
        return self._lists


class Request(OAuth2Request):  # type: ignore[misc]  # authlib has no types
    """What authlib reads a request from."""

    def __init__(self, asked: Asked) -> None:
        # Whether the way is secure is decided where it is terminated: by the proxy.
        super().__init__(asked.method, "https://platform.invalid/", headers=asked.headers)
        self.asked = asked
        self.payload = _Payload(asked.parameters)

    @property
    def args(self) -> dict[str, str]:
        """The parameters."""
        return self.form

    @property
    def form(self) -> dict[str, str]:
        """The parameters."""
        data: dict[str, str] = self.payload.data
        return data


class Party(ClientMixin):  # type: ignore[misc]  # authlib has no types
    """A registered client, as authlib asks about it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get_client_id(self) -> str:
        """Its id."""
        return self.client.client_id

    def get_default_redirect_uri(self) -> None:
        """None: the address must be named, so that a code can be bound to it."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What is asked for and registered; None when nothing is left."""
        granted = scopes.narrow(scopes.parse(scope), scopes.parse(self.client.scope))
        return str(granted) if granted else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Exactly one of those registered (RFC 9700 § 2.1)."""
        return redirect_uri in self.client.redirects

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether this is its secret."""
        return self.client.takes_secret(client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """The registered method and no other."""
        del endpoint
        return method == self.client.method

    def check_response_type(self, response_type: str) -> bool:
        """Only codes."""
        return response_type == "code" and clients.CODE_GRANT in self.client.grants

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether it was registered for a grant."""
        return grant_type in self.client.grants


def party_of(client_id: str) -> Party | None:
    """The registered client of an id, unless it is unknown or disabled."""
    client = clients.client_of(client_id)
    return None if client is None else Party(client)


def with_parameters(address: str, parameters: Mapping[str, str]) -> str:
    """A redirect address with parameters added to those it has."""
    return address + ("&" if "?" in address else "?") + urlencode(parameters)


__all__ = ["Answer", "Asked", "InvalidDpopProof", "OAuth2Error", "Party", "Request", "party_of"]
