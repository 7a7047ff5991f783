"""authlib's authorization server on the tables here: one instance per request.

What authlib decides: the shape of requests and errors, redirects with errors, PKCE. What
this module adds: S256 only and always, exact redirects, codes and refresh tokens that betray
a thief, DPoP, SMART's launch context in the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

# authlib has no types: hence the remarks at its classes
from authlib.oauth2 import AuthorizationServer, ClientAuthentication, OAuth2Request
from authlib.oauth2.rfc6749 import (
    ClientMixin,
    InvalidClientError,
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
    OAuth2Payload,
    grants,
)
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from fellesjournal.access.smart import (
    assertions,
    authorizations,
    clients,
    codes,
    discovery,
    dpop,
    scopes,
    tokens,
)
from fellesjournal.access.smart.answers import introspection, token_answer
from fellesjournal.access.smart.clients import KEY, PUBLIC, SECRET, Client
from fellesjournal.access.smart.scopes import ScopeSet

_METHODS = [KEY, SECRET, PUBLIC]
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


class _Payload(OAuth2Payload):  # type: ignore[misc]
    def __init__(self, parameters: Mapping[str, Sequence[str]]) -> None:
        self._lists = {name: list(values) for name, values in parameters.items()}

    @property
    def data(self) -> dict[str, str]:
        return {name: values[-1] for name, values in self._lists.items() if values}

    @property
    def datalist(self) -> dict[str, list[str]]:
        return self._lists


class Request(OAuth2Request):  # type: ignore[misc]
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


class Party(ClientMixin):  # type: ignore[misc]
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


def _party(client_id: str) -> Party | None:
    client = clients.client_of(client_id)
    return None if client is None else Party(client)


class Server(AuthorizationServer):  # type: ignore[misc]
    """The authorization server of the platform at ``root``, for one request."""

    def __init__(self, root: str) -> None:
        super().__init__()
        self.root = root
        self._client_auth = ClientAuthentication(_party)
        self.register_client_auth_method(KEY, self._by_assertion)
        self.register_grant(CodeGrant, [_S256(required=True)])
        self.register_grant(RefreshGrant)
        self.register_grant(ServiceGrant)
        self.register_endpoint(Revocation)
        self.register_endpoint(Introspection)

    def query_client(self, client_id: str) -> Party | None:
        """The client of an id."""
        return _party(client_id)

    def _by_assertion(self, query_client: object, request: Request) -> Party | None:
        del query_client
        form = request.form
        if form.get("client_assertion_type") != assertions.ASSERTION_TYPE:
            return None
        audiences = (discovery.endpoint(self.root, "token"),)
        try:
            client = assertions.client_by_assertion(form.get("client_assertion", ""), audiences)
        except assertions.BadAssertion as error:
            raise InvalidClientError(description=str(error), status_code=401) from error
        if form.get("client_id", client.client_id) != client.client_id:
            raise InvalidClientError(description="client_id is not the assertion's")
        return Party(client)

    def authenticate_client(
        self, request: Request, methods: list[str], endpoint: str = "token"
    ) -> Party:
        """The client; an unknown one, a wrong secret and a wrong method are told alike."""
        if request.form.get("client_assertion") and "Authorization" in request.headers:
            raise InvalidRequestError("a client proves itself in one way")
        try:
            party = self._client_auth(request, methods, endpoint)
        except (InvalidClientError, UnicodeError) as error:
            if isinstance(error, InvalidClientError) and request.form.get("client_assertion"):
                raise
            raise InvalidClientError(
                description="the client is unknown, or does not prove itself as registered",
                status_code=401,
            ) from error
        assert isinstance(party, Party)
        return party

    def create_oauth2_request(self, request: Asked | Request) -> Request:
        """From ours to authlib's."""
        return request if isinstance(request, Request) else Request(request)

    def handle_response(
        self,
        status: int,
        body: dict[str, Any] | Sequence[tuple[str, str]] | str,
        headers: Sequence[tuple[str, str]],
    ) -> Answer:
        """From authlib's to ours."""
        content = dict(body) if body and not isinstance(body, str) else None
        kept = tuple((name, value) for name, value in headers if name not in dict(NO_STORE))
        return Answer(status, content, (*kept, *NO_STORE))

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def jkt(self, request: Request) -> str:
        """The thumbprint of the key that a token request proves to hold, or empty."""
        proof = request.headers.get("DPoP", "")
        if not proof:
            return ""
        try:
            return dpop.key_of_proof(proof, method=request.method, url=request.asked.url)
        except dpop.BadProof as error:
            raise InvalidDpopProof(description=str(error).replace('"', "'")) from error


class _S256(CodeChallenge):  # type: ignore[misc]
    """PKCE for every client, never plain (SMART 2.2 § 2.0.8)."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        """A challenge by S256 is there."""
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("code_challenge with code_challenge_method S256 is needed")
        super().validate_code_challenge(grant, redirect_uri)


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    """Authorization code with PKCE."""

    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS
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


class RefreshGrant(grants.RefreshTokenGrant):  # type: ignore[misc]
    """Refresh with rotation: each token works once."""

    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS
    server: Server
    request: Request

    def authenticate_refresh_token(self, refresh_token: str) -> _Refresh | None:
        """The token; one that was used before ends all."""
        found = tokens.find(refresh_token)
        if found is None:
            tokens.betrayed_refresh(refresh_token)
            return None
        return _Refresh(found, refresh_token) if found.refresh else None

    def _validate_request_token(self, client: Party) -> _Refresh:
        token = self.authenticate_refresh_token(self.request.form.get("refresh_token") or "")
        if token is None:
            raise InvalidGrantError("the refresh token is unknown, used, ended or revoked")
        if not token.check_client(client):
            authorizations.revoke(token.token.authorization.id, "presented by another client")
            tokens.forget()
            raise InvalidGrantError("the refresh token is unknown, used, ended or revoked")
        return token

    def _validate_token_scope(self, token: _Refresh) -> None:
        asked = self.request.payload.scope
        if not asked:
            return
        wanted = scopes.parse(asked)
        if wanted.unknown or not scopes.within(wanted, scopes.parse(token.token.scope)):
            raise InvalidScopeError("a refresh may ask for less, never for more")

    def authenticate_user(self, refresh_token: _Refresh) -> authorizations.Authorization:
        """What was agreed to."""
        return refresh_token.token.authorization

    def issue_token(self, user: authorizations.Authorization, token: _Refresh) -> dict[str, Any]:
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

    def revoke_old_credential(self, refresh_token: _Refresh) -> None:
        """It was used up when the new one was issued."""


class _Refresh:
    """A refresh token as authlib asks about it."""

    def __init__(self, token: tokens.Token, text: str) -> None:
        self.token = token
        self.text = text

    def check_client(self, client: Party) -> bool:
        return self.token.authorization.client_id == client.get_client_id()

    def get_scope(self) -> str:
        return self.token.scope


class ServiceGrant(grants.ClientCredentialsGrant):  # type: ignore[misc]
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


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """RFC 7009: what is unknown is as good as revoked."""

    CLIENT_AUTH_METHODS = _METHODS

    def check_params(self, request: Request, client: Party) -> None:
        """A token is there; a hint that is wrong does no harm."""
        del client
        if not request.form.get("token"):
            raise InvalidRequestError("token is missing")

    def query_token(self, token_string: str, token_type_hint: str | None) -> _Refresh | None:
        """The token of either kind."""
        del token_type_hint
        found = tokens.find(token_string)
        return None if found is None else _Refresh(found, token_string)

    def revoke_token(self, token: _Refresh, request: Request) -> None:
        """End it, a refresh token with all its kin."""
        del request
        tokens.revoke(token.text)


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]
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


def with_parameters(address: str, parameters: Mapping[str, str]) -> str:
    """A redirect address with parameters added to those it has."""
    return address + ("&" if "?" in address else "?") + urlencode(parameters)


__all__ = ["Answer", "Asked", "OAuth2Error", "Request", "Server"]
