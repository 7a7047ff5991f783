"""The three ways to a token: a code, a refresh token, a service's assertion.

Beyond authlib: PKCE by S256 only and always, exact redirects, codes and refresh tokens that
betray a thief, keys that tokens are bound to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc6749 import (
    InvalidClientError,
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
    grants,
)
from authlib.oauth2.rfc7636 import CodeChallenge

from fellesjournal.access.smart import authorizations, clients, codes, scopes, tokens
from fellesjournal.access.smart.answers import token_answer
from fellesjournal.access.smart.clients import KEY, PUBLIC, Client
from fellesjournal.access.smart.protocol import METHODS, InvalidDpopProof, Party, Request
from fellesjournal.access.smart.scopes import ScopeSet

if TYPE_CHECKING:
    from fellesjournal.access.smart.server import Server


class S256(CodeChallenge):  # type: ignore[misc]  # authlib has no types
    """PKCE for every client, never plain (SMART 2.2 § 2.0.8)."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        """A challenge by S256 is there."""
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("code_challenge with code_challenge_method S256 is needed")
        super().validate_code_challenge(grant, redirect_uri)


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # authlib has no types
    """Authorization code with PKCE."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    server: Server
    request: Request

    @staticmethod
    def validate_authorization_redirect_uri(request: Request, client: Party) -> str:
        """Exactly a registered address; nobody is sent anywhere else, not even with an error."""
        asked = request.payload.datalist.get("redirect_uri", [])
        if len(asked) != 1 or not client.check_redirect_uri(asked[0]):
            raise InvalidRequestError("redirect_uri is not one of those registered")
        return str(asked[0])

    def save_authorization_code(self, code: str, request: Request) -> None:
        """Codes are made by ``generate_authorization_code``, with all they are bound to."""

    def generate_authorization_code(self) -> str:
        """A code on the authorization that the consent page ended with."""
        data = self.request.payload.data
        return codes.issue(
            self.request.user,
            redirect=data["redirect_uri"],
            challenge=data["code_challenge"],
            jkt=data.get("dpop_jkt", "")[:100],
        )

    def query_authorization_code(self, code: str, client: Party) -> codes.Code | None:
        """The code, used up by asking."""
        return codes.take(code, client.get_client_id())

    def delete_authorization_code(self, authorization_code: codes.Code) -> None:
        """It was used up when it was asked for."""

    def authenticate_user(self, code: codes.Code) -> authorizations.Authorization:
        """What was agreed to."""
        return code.authorization

    def generate_token(
        self, user: authorizations.Authorization, scope: str, **others: Any
    ) -> dict[str, Any]:
        """Tokens, with the launch context."""
        del others
        jkt = _bound(self.server, self.request)
        if self.request.authorization_code.jkt not in {"", jkt}:
            raise InvalidGrantError("the code is bound to another key")
        return _issue(self.server, self.request, user, scope, jkt)

    def save_token(self, token: dict[str, Any]) -> None:
        """Done when it was issued."""


class RefreshGrant(grants.RefreshTokenGrant):  # type: ignore[misc]  # authlib has no types
    """Refresh with rotation: each token works once."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    server: Server
    request: Request

    def authenticate_refresh_token(self, refresh_token: str) -> Refresh | None:
        """The token; one that was used before ends all."""
        found = tokens.find(refresh_token)
        if found is None:
            tokens.betrayed_refresh(refresh_token)
            return None
        return Refresh(found, refresh_token) if found.refresh else None

    def _validate_request_token(self, client: Party) -> Refresh:
        token = self.authenticate_refresh_token(self.request.form.get("refresh_token") or "")
        if token is None:
            raise InvalidGrantError("the refresh token is unknown, used, ended or revoked")
        if not token.check_client(client):
            authorizations.revoke(token.token.authorization.id, "presented by another client")
            tokens.forget()
            raise InvalidGrantError("the refresh token is unknown, used, ended or revoked")
        return token

    def _validate_token_scope(self, token: Refresh) -> None:
        asked = self.request.payload.scope
        if not asked:
            return
        wanted = scopes.parse(asked)
        if wanted.unknown or not scopes.within(wanted, scopes.parse(token.token.scope)):
            raise InvalidScopeError("a refresh may ask for less, never for more")

    def authenticate_user(self, refresh_token: Refresh) -> authorizations.Authorization:
        """What was agreed to."""
        return refresh_token.token.authorization

    def issue_token(self, user: authorizations.Authorization, token: Refresh) -> dict[str, Any]:
        """New tokens for the old one, which is used up here."""
        jkt = _bound(self.server, self.request)
        if token.token.jkt and token.token.jkt != jkt:
            raise InvalidGrantError("the refresh token is bound to another key")
        client = self.request.client.client
        held = scopes.parse(token.token.scope)
        asked = scopes.parse(self.request.payload.scope) if self.request.payload.scope else held
        # what the client is registered for may have become less since
        granted = scopes.narrow(asked, held, scopes.parse(client.scope))
        if not granted:
            raise InvalidScopeError("nothing is left of what was agreed to")
        if not tokens.use_refresh(token.text):
            tokens.betrayed_refresh(token.text)
            raise InvalidGrantError("the refresh token was used at the same moment")
        return _issue(self.server, self.request, user, str(granted), jkt)

    def save_token(self, token: dict[str, Any]) -> None:
        """Done when it was issued."""

    def revoke_old_credential(self, refresh_token: Refresh) -> None:
        """It was used up when the new one was issued."""


class Refresh:
    """A refresh token as authlib asks about it."""

    def __init__(self, token: tokens.Token, text: str) -> None:
        self.token = token
        self.text = text

    def check_client(self, client: Party) -> bool:
        """Whether it was issued to this client."""
        return self.token.authorization.client_id == client.get_client_id()

    def get_scope(self) -> str:
        """What it stands for."""
        return self.token.scope


class ServiceGrant(grants.ClientCredentialsGrant):  # type: ignore[misc]  # authlib has no types
    """Backend services: no user, a registered purpose, a signed assertion."""

    TOKEN_ENDPOINT_AUTH_METHODS = (KEY,)
    server: Server
    request: Request

    def validate_requested_scope(self) -> None:
        """Something of what is registered must be asked for."""
        if not self._granted():
            raise InvalidScopeError("none of the scopes asked for is registered")

    def _granted(self) -> ScopeSet:
        client = self.request.client.client
        return scopes.narrow(scopes.parse(self.request.payload.scope), scopes.parse(client.scope))

    def generate_token(self, **others: Any) -> dict[str, Any]:
        """An access token for five minutes."""
        del others
        client = self.request.client.client
        if not client.purpose:
            raise InvalidClientError(description="no purpose is registered", status_code=401)
        jkt = _bound(self.server, self.request)
        granted = self._granted()
        authorization = authorizations.authorize_service(
            client, granted, lasts=tokens.SERVICE_LIFETIME
        )
        issued = tokens.issue(
            authorization,
            scope=str(granted),
            with_refresh=False,
            jkt=jkt,
            lifetime=tokens.SERVICE_LIFETIME,
        )
        return token_answer(issued, authorization, root=self.server.root)

    def save_token(self, token: dict[str, Any]) -> None:
        """Done when it was issued."""


def _bound(server: Server, request: Request) -> str:
    jkt = server.jkt(request)
    if not jkt and request.client.client.dpop:
        raise InvalidDpopProof(description="this client is registered for DPoP: a proof is needed")
    return jkt


def _issue(
    server: Server,
    request: Request,
    authorization: authorizations.Authorization,
    scope: str,
    jkt: str,
) -> dict[str, Any]:
    client: Client = request.client.client
    agreed = scopes.parse(authorization.scope)
    refreshes = clients.REFRESH_GRANT in client.grants and agreed.has(*scopes.REFRESH_SCOPES)
    issued = tokens.issue(
        authorization,
        scope=scope,
        with_refresh=refreshes,
        jkt=jkt,
        # a confidential client proves itself at each refresh; a public one by its key
        refresh_jkt=jkt if client.method == PUBLIC else "",
    )
    return token_answer(issued, authorization, root=server.root)
