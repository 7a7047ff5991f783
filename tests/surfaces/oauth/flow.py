"""An app and a person at a browser, as the tests of the authorization server play them."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.test import Client as Browser

from fellesjournal.access.smart import clients
from fellesjournal.access.smart.clients import Client
from tests.surfaces.fhir_api.client import Client as Api

HOST = "testserver"
ROOT = f"http://{HOST}"
RETURN_TO = "https://app.test/back"

# Any: JSON of the answers.
Json = Any


def app(**members: Any) -> tuple[Client, str]:
    """A registered app, public if nothing else is said, and its secret."""
    values: dict[str, Any] = {
        "client_id": "",
        "name": "Vekstkurver",
        "method": clients.PUBLIC,
        "grants": (clients.CODE_GRANT, clients.REFRESH_GRANT),
        "redirects": (RETURN_TO,),
        "scope": "launch launch/patient openid fhirUser profile offline_access online_access"
        " patient/*.cruds user/*.rs",
    }
    return clients.register(Client(**{**values, **members}), by="Practitioner/test")


def api(token: str) -> Api:
    """The API as the app calls it."""
    return Api(token, host=HOST)


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    made = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


@dataclass
class Dance:
    """One authorization by code."""

    client: Client
    browser: Browser
    scope: str = "openid fhirUser launch/patient patient/*.rs"
    secret: str = ""
    redirect: str = RETURN_TO
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    def asked(self, **others: str | None) -> dict[str, str]:
        """The parameters of the authorization request; None leaves one out."""
        values = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.redirect,
            "scope": self.scope,
            "state": self.state,
            "aud": f"{ROOT}/fhir",
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
            **others,
        }
        return {name: value for name, value in values.items() if value is not None}

    def begin(self, **others: str | None) -> Any:
        """Send the browser to the authorization endpoint."""
        answer: Any = self.browser.get("/oauth/authorize", self.asked(**others))
        return answer

    def code(self, patient: str = "", **others: str | None) -> str:
        """Go all the way: choose the patient, agree to everything; answers the code."""
        return self.returned(self.agree(self.begin(**others), patient))["code"]

    def agree(self, answer: Any, patient: str = "", **fields: str) -> Any:
        """From the first redirect to the one back to the app."""
        if "/patient/" in answer.get("Location", ""):
            assert self.browser.get(answer["Location"]).status_code == 200
            answer = self.browser.post(answer["Location"], {"patient": patient})
        if "/consent/" in answer.get("Location", ""):
            address = answer["Location"]
            page: Any = self.browser.get(address)
            assert page.status_code == 200, page.content
            lines = re.findall(r'name="allow" value="([^"]*)"', page.content.decode())
            answer = self.browser.post(address, {"allow": lines, "agree": "1", **fields})
        return answer

    def returned(self, answer: Any) -> dict[str, str]:
        """What the app is told at its address."""
        address = answer["Location"]
        assert address.startswith(self.redirect), (answer.status_code, address)
        return dict(parse_qsl(urlsplit(address).query))

    def exchange(self, code: str, **others: str | None) -> Any:
        """The code for tokens."""
        values: dict[str, Any] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect,
            "code_verifier": self.verifier,
            **others,
        }
        return self.token(**values)

    def refresh(self, token: str, **others: str | None) -> Any:
        """A refresh token for new tokens."""
        values: dict[str, Any] = {"grant_type": "refresh_token", "refresh_token": token, **others}
        return self.token(**values)

    def token(self, *, dpop: str = "", **values: str | None) -> Any:
        """A request at the token endpoint, by the method that the client was registered for."""
        return self.post("/oauth/token", dpop=dpop, **values)

    def post(self, address: str, *, dpop: str = "", **values: str | None) -> Any:
        """A request at a protocol endpoint."""
        headers: dict[str, str] = {}
        if self.secret:
            pair = f"{self.client.client_id}:{self.secret}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            values = {"client_id": self.client.client_id, **values}
        if dpop:
            headers["DPoP"] = dpop
        answer: Any = Browser().post(
            address,
            urlencode({name: value for name, value in values.items() if value is not None}),
            content_type="application/x-www-form-urlencoded",
            headers=headers,
        )
        return answer
