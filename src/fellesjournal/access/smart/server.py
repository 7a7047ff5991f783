"""The authorization server on the tables here: one instance per request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from authlib.oauth2 import AuthorizationServer, ClientAuthentication
from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError

from fellesjournal.access.smart import assertions, discovery, dpop
from fellesjournal.access.smart.clients import KEY
from fellesjournal.access.smart.grants import S256, CodeGrant, RefreshGrant, ServiceGrant
from fellesjournal.access.smart.protocol import (
    NO_STORE,
    Answer,
    Asked,
    InvalidDpopProof,
    Party,
    Request,
    party_of,
)
from fellesjournal.access.smart.token_endpoints import Introspection, Revocation


class Server(AuthorizationServer):  # type: ignore[misc]  # authlib has no types
    """The authorization server of the platform at ``root``, for one request."""

    def __init__(self, root: str) -> None:
        super().__init__()
        self.root = root
        self._client_auth = ClientAuthentication(party_of)
        self.register_client_auth_method(KEY, self._by_assertion)
        self.register_grant(CodeGrant, [S256(required=True)])
        self.register_grant(RefreshGrant)
        self.register_grant(ServiceGrant)
        self.register_endpoint(Revocation)
        self.register_endpoint(Introspection)

    def query_client(self, client_id: str) -> Party | None:
        """The client of an id."""
        return party_of(client_id)

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
