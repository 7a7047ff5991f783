"""A provider that lives in a test: answers what the test wants, remembers what it was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from fellesjournal.access.identity import flow, metadata
from fellesjournal.access.identity.claims import (
    ASSURANCE_LEVEL,
    HPR_NUMBER,
    PID,
    SECURITY_LEVEL,
)
from fellesjournal.access.identity.flow import Arrival, Journey
from fellesjournal.access.identity.providers import Provider, helseid, idporten
from fellesjournal.access.identity.tokens import half_hash, header_of
from tests.signing_in import ASLAUG, GP

ISSUER = "https://idp.example"
BACK = "https://journal.example/sign-in/back/"
CLIENT_KEY = ECKey.generate_key("P-256")
SIGNING_KEY = RSAKey.generate_key(2048, {"kid": "first"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "second"})

HELSEID = helseid(issuer=ISSUER, client_id="us", key=CLIENT_KEY)
IDPORTEN = idporten(issuer=ISSUER, client_id="us", secret="hush & more")


def staff_claims(**other: Any) -> dict[str, Any]:
    """What HelseID says about a doctor."""
    return {
        PID: GP.number,
        HPR_NUMBER: GP.hpr,
        SECURITY_LEVEL: "4",
        ASSURANCE_LEVEL: "high",
        **other,
    }


def citizen_claims(**other: Any) -> dict[str, Any]:
    """What ID-porten says about a citizen."""
    return {"pid": ASLAUG.number, "acr": "idporten-loa-high", "amr": ["BankID"], **other}


@dataclass
class InventedProvider:
    """Answers requests by their path. ``claims`` go into the next id_token, over the usual."""

    claims: dict[str, Any]
    header: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: SIGNING_KEY)
    algorithm: str = "RS256"
    listed: list[RSAKey] = field(default_factory=lambda: [SIGNING_KEY])
    answers: dict[str, httpx.Response] = field(default_factory=dict)
    token_answer: dict[str, Any] = field(default_factory=dict)
    configuration: dict[str, Any] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)
    dpop_nonce: str = ""
    asked: list[tuple[str, str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    nonce: str = ""
    id_token: str = ""

    def __call__(
        self,
        provider: Provider,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        form: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Stands in for ``transport.call``."""
        path = urlsplit(url).path
        self.asked.append((method, path, headers or {}, form or {}))
        if path in self.answers:
            answer = self.answers[path]
        elif path.endswith("openid-configuration"):
            answer = httpx.Response(200, json=self._configuration())
        elif path == "/keys":
            keys = [key.as_dict(private=False) for key in self.listed]
            answer = httpx.Response(200, json={"keys": keys})
        elif path == "/par":
            answer = httpx.Response(201, json={"request_uri": "urn:x", "expires_in": 60})
        elif path == "/userinfo":
            answer = httpx.Response(200, json=self.info)
        else:
            answer = self._tokens(provider, headers or {})
        answer.request = httpx.Request(method, url)
        return answer

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "pushed_authorization_request_endpoint": f"{ISSUER}/par",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
            "end_session_endpoint": f"{ISSUER}/logout",
            **self.configuration,
        }

    def _tokens(self, provider: Provider, headers: dict[str, str]) -> httpx.Response:
        if self.dpop_nonce:
            claims = jwt.decode(headers["DPoP"], ECKey.import_key(_jwk(headers["DPoP"]))).claims
            if claims.get("nonce") != self.dpop_nonce:
                headers = {"DPoP-Nonce": self.dpop_nonce}
                return httpx.Response(400, json={"error": "use_dpop_nonce"}, headers=headers)
        seconds = int(datetime.now(UTC).timestamp())
        claims = {
            "iss": ISSUER,
            "aud": "us",
            "sub": "subject",
            "sid": "session",
            "iat": seconds,
            "exp": seconds + 60,
            "nonce": self.nonce,
            "at_hash": half_hash("access", "RS256"),
            "auth_time": seconds,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid, **self.header}
        header = {name: value for name, value in header.items() if value is not None}
        self.id_token = self.id_token or jwt.encode(
            header, claims, self.key, algorithms=[self.algorithm]
        )
        kind = "DPoP" if provider.dpop else "Bearer"
        content = {"access_token": "access", "token_type": kind, "id_token": self.id_token}
        return httpx.Response(200, json=content | self.token_answer)

    def form(self, path: str) -> dict[str, str]:
        """The form last sent to a path."""
        return next(form for _, asked, _, form in reversed(self.asked) if asked == path)

    def headers(self, path: str) -> dict[str, str]:
        """The headers last sent to a path."""
        return next(headers for _, asked, headers, _ in reversed(self.asked) if asked == path)


def _jwk(token: str) -> dict[str, Any]:
    found = header_of(token)["jwk"]
    assert isinstance(found, dict)
    return found


def in_place(monkeypatch: pytest.MonkeyPatch, made: InventedProvider) -> InventedProvider:
    """Have the client ask this provider."""
    metadata.forget()
    monkeypatch.setattr(metadata, "call", made)
    monkeypatch.setattr(flow, "call", made)
    return made


def begun(
    made: InventedProvider, provider: Provider, **more: Any
) -> tuple[dict[str, str], Journey]:
    """Begin a sign-in: what was asked of the authorization endpoint or pushed, and the journey."""
    address, journey = flow.begin(provider, redirect_uri=BACK, **more)
    made.nonce = journey.nonce
    query = dict(parse_qsl(urlsplit(address).query))
    return (made.form("/par") if provider.pushed else query), journey


def arrived(made: InventedProvider, provider: Provider, **answer: str) -> Arrival:
    """A whole sign-in, with the answer of the browser changed as given."""
    _, journey = begun(made, provider)
    return flow.finish(provider, journey, {"state": journey.state, "code": "c"} | answer)
