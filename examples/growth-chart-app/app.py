r"""A small SMART app: a child's height and weight over time, from any SMART on FHIR record.

Standard library only. It is launched from the chart (``/launch?iss=...&launch=...``) or opened
by itself (``/``), asks for leave by authorization code with PKCE, and reads what it was given.

    GROWTH_CHART_FHIR=http://127.0.0.1:8000/fhir GROWTH_CHART_CLIENT_ID=... \
        python examples/growth-chart-app/app.py 9000

Register it as an app without a secret, with the address http://127.0.0.1:9000/back to return to,
http://127.0.0.1:9000/launch to launch it, and the scopes of SCOPE below.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import secrets
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from wsgiref.simple_server import make_server

SCOPE = (
    "launch launch/patient openid fhirUser"
    " patient/Patient.r"
    " patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs"
)
MEASURES = {"8302-2": ("Height", "cm"), "29463-7": ("Weight", "kg")}
STYLE = "body{font:16px system-ui;margin:2rem auto;max-width:44rem;padding:0 1rem;color:#1c2329}"

Respond = Callable[[str, list[tuple[str, str]]], object]
# Any: JSON of the server.
Json = Any


@dataclass
class Visit:
    """One person's use of the app, kept in memory under a cookie."""

    state: str = ""
    verifier: str = ""
    token: Json = field(default_factory=dict)


class GrowthChart:
    """The app as a WSGI callable. It talks to one server only: the one it was set up for."""

    def __init__(self, *, fhir: str, client_id: str, address: str) -> None:
        self.fhir = fhir.rstrip("/")
        self.client_id = client_id
        self.address = address.rstrip("/")
        self.visits: dict[str, Visit] = {}

    def __call__(self, environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        """Answer one request."""
        query = dict(urllib.parse.parse_qsl(environ.get("QUERY_STRING", "")))
        name = self._visit_name(environ)
        pages = {
            "/": self._start,
            "/launch": self._start,
            "/back": self._back,
            "/chart": self._chart,
        }
        page = pages.get(environ.get("PATH_INFO", "/"))
        if page is None:
            return _page(respond, "404 Not Found", "Not here", "")
        try:
            return page(name, query, respond)
        except urllib.error.HTTPError as error:
            return _page(respond, "502 Bad Gateway", "The record said no", f"HTTP {error.code}")

    def _visit_name(self, environ: dict[str, Any]) -> str:
        cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get("growth")
        return cookie.value if cookie and cookie.value in self.visits else secrets.token_urlsafe(24)

    def _start(self, name: str, query: dict[str, str], respond: Respond) -> Iterable[bytes]:
        """Send the person to the record to ask her."""
        if query.get("iss", self.fhir).rstrip("/") != self.fhir:
            return _page(
                respond, "400 Bad Request", "Unknown record", "This app serves another one."
            )
        visit = self.visits[name] = Visit(secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        digest = hashlib.sha256(visit.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": f"{self.address}/back",
            "scope": SCOPE,
            "state": visit.state,
            "aud": self.fhir,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        if "launch" in query:
            asked["launch"] = query["launch"]
        where = self._configuration()["authorization_endpoint"]
        cookie = f"growth={name}; HttpOnly; SameSite=Lax; Path=/"
        return _redirect(
            respond, f"{where}?{urllib.parse.urlencode(asked)}", ("Set-Cookie", cookie)
        )

    def _back(self, name: str, query: dict[str, str], respond: Respond) -> Iterable[bytes]:
        """Exchange the code, if it is the answer to our own question."""
        visit = self.visits.get(name)
        if visit is None or not secrets.compare_digest(query.get("state", ""), visit.state):
            return _page(respond, "400 Bad Request", "Not our question", "Start again.")
        if query.get("iss", self._configuration()["issuer"]) != self._configuration()["issuer"]:
            return _page(respond, "400 Bad Request", "Not our record", "Start again.")
        if "code" not in query:
            return _page(respond, "200 OK", "No access", html.escape(query.get("error", "")))
        visit.token = _post(
            self._configuration()["token_endpoint"],
            {
                "grant_type": "authorization_code",
                "code": query["code"],
                "redirect_uri": f"{self.address}/back",
                "client_id": self.client_id,
                "code_verifier": visit.verifier,
            },
        )
        visit.state = ""
        return _redirect(respond, f"{self.address}/chart")

    def _chart(self, name: str, _query: dict[str, str], respond: Respond) -> Iterable[bytes]:
        """Who it is, and the curves."""
        visit = self.visits.get(name)
        if visit is None or not visit.token:
            return _redirect(respond, f"{self.address}/")
        patient = self._get(visit, f"Patient/{visit.token['patient']}")
        codes = ",".join(f"http://loinc.org|{code}" for code in MEASURES)
        found = self._get(
            visit, f"Observation?code={urllib.parse.quote(codes)}&_sort=date&_count=500"
        )
        body = [_who(patient)] if visit.token.get("need_patient_banner") else []
        for code, (title, unit) in MEASURES.items():
            body.append(_curve(title, unit, _values(found, code)))
        return _page(respond, "200 OK", "Growth", "".join(body))

    def _configuration(self) -> Json:
        return _read(f"{self.fhir}/.well-known/smart-configuration")

    def _get(self, visit: Visit, address: str) -> Json:
        return _read(
            f"{self.fhir}/{address}", {"Authorization": f"Bearer {visit.token['access_token']}"}
        )


def _read(address: str, headers: dict[str, str] | None = None) -> Json:
    request = urllib.request.Request(address, headers=headers or {})  # noqa: S310 - one known server
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - one known server
        return json.load(answer)


def _post(address: str, form: dict[str, str]) -> Json:
    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(address, body, timeout=10) as answer:  # noqa: S310 - one known server
        return json.load(answer)


def _values(bundle: Json, code: str) -> list[tuple[str, float]]:
    """(day, value) of one measure, oldest first."""
    found = []
    for entry in bundle.get("entry", []):
        each = entry["resource"]
        codes = [coding.get("code") for coding in each.get("code", {}).get("coding", [])]
        quantity = each.get("valueQuantity", {})
        if code in codes and "value" in quantity:
            found.append((each.get("effectiveDateTime", "")[:10], float(quantity["value"])))
    return sorted(found)


def _who(patient: Json) -> str:
    name = (patient.get("name") or [{}])[0]
    text = " ".join([*name.get("given", []), name.get("family", "")])
    return f"<p><strong>{html.escape(text)}</strong>, born {html.escape(patient.get('birthDate', '?'))}</p>"


def _curve(title: str, unit: str, values: list[tuple[str, float]]) -> str:
    """The curve as a picture, and the same as a table for everybody."""
    if not values:
        return f"<h2>{title}</h2><p>Nothing measured.</p>"
    low, high = min(v for _, v in values), max(v for _, v in values)
    step = 600 / max(len(values) - 1, 1)
    points = " ".join(
        f"{10 + i * step:.0f},{110 - 100 * (v - low) / ((high - low) or 1):.0f}"
        for i, (_, v) in enumerate(values)
    )
    rows = "".join(f"<tr><td>{html.escape(d)}</td><td>{v:g} {unit}</td></tr>" for d, v in values)
    return (
        f"<h2>{title}</h2><svg viewBox='0 0 620 120' role='img' aria-label='{title}'>"
        f"<polyline points='{points}' fill='none' stroke='#005b82' stroke-width='2'/></svg>"
        f"<table><thead><tr><th scope='col'>Day</th><th scope='col'>{title}</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _page(respond: Respond, status: str, title: str, body: str) -> Iterable[bytes]:
    text = (
        "<!doctype html><html lang='en'><meta charset='utf-8'>"
        f"<meta name='viewport' content='width=device-width'><title>{title}</title>"
        "<link rel='icon' href='data:,'>"
        f"<style>{STYLE}</style><main><h1>{title}</h1>{body}</main></html>"
    )
    respond(status, [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")])
    return [text.encode()]


def _redirect(respond: Respond, address: str, *headers: tuple[str, str]) -> Iterable[bytes]:
    respond("303 See Other", [("Location", address), ("Cache-Control", "no-store"), *headers])
    return [b""]


def main() -> None:
    """Serve the app on this machine."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    address = f"http://127.0.0.1:{port}"
    app = GrowthChart(
        fhir=os.environ.get("GROWTH_CHART_FHIR", "http://127.0.0.1:8000/fhir"),
        client_id=os.environ["GROWTH_CHART_CLIENT_ID"],
        address=address,
    )
    print(f"Growth chart at {address}")
    make_server("127.0.0.1", port, app).serve_forever()


if __name__ == "__main__":
    main()
