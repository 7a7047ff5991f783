"""Revocation (RFC 7009) and introspection (RFC 7662)."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from fellesjournal.access.smart import tokens
from fellesjournal.access.smart.answers import introspection
from fellesjournal.access.smart.clients import KEY, SECRET
from fellesjournal.access.smart.grants import Refresh
from fellesjournal.access.smart.protocol import METHODS, Party, Request


class Revocation(RevocationEndpoint):  # type: ignore[misc]  # authlib has no types
    """RFC 7009: what is unknown is as good as revoked."""

    CLIENT_AUTH_METHODS = METHODS

    def check_params(self, request: Request, client: Party) -> None:
        """A token is there; a hint that is wrong does no harm."""
        del client
        if not request.form.get("token"):
            raise InvalidRequestError("token is missing")

    def query_token(self, token_string: str, token_type_hint: str | None) -> Refresh | None:
        """The token of either kind."""
        del token_type_hint
        found = tokens.find(token_string)
        return None if found is None else Refresh(found, token_string)

    def revoke_token(self, token: Refresh, request: Request) -> None:
        """End it, a refresh token with all its kin."""
        del request
        tokens.revoke(token.text)


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]  # authlib has no types
    """RFC 7662, for clients that were registered for it, and for each about its own tokens."""

    CLIENT_AUTH_METHODS = (KEY, SECRET)

    def check_params(self, request: Request, client: Party) -> None:
        """A token is there."""
        del client
        if not request.form.get("token"):
            raise InvalidRequestError("token is missing")

    def query_token(self, token_string: str, token_type_hint: str | None) -> tokens.Token | None:
        """The token of either kind, if it is good."""
        del token_type_hint
        return tokens.find(token_string)

    def check_permission(self, token: tokens.Token, client: Party, request: Request) -> bool:
        """Its own token, or a resource server's question."""
        del request
        own = token.authorization.client_id == client.get_client_id()
        return own or client.client.introspects

    def create_introspection_payload(self, token: tokens.Token | None) -> dict[str, Any]:
        """What may be known about it."""
        if token is None:
            return {"active": False}
        return introspection(token, root=self.server.root)
