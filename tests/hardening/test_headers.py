"""Headers of every answer, whoever gives it."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from fellesjournal.config.wsgi import application
from fellesjournal.foundation.ui.headers import CONTENT_SECURITY_POLICY, shielded
from tests.signing_in import GP, go_to_provider, put, staff_client

pytestmark = pytest.mark.django_db

ADDRESSES = (
    "/", "/sign-in/", "/nothing/here", "/fhir/metadata", "/fhir/Patient", "/fhir", "/health",
    "/oauth/jwks", "/oauth/token", "/oauth/authorize", "/.well-known/smart-configuration",
    "/stand-in/helseid/authorize", "/stand-in/helseid/jwks", "/helsami/", "/admin/", "/session/",
    "/static/nothing.css", "/sign-out/", "/fhir/Patient/../../x",
)  # fmt: skip


def asked(path: str, host: str = "localhost", **more: str) -> tuple[str, dict[str, str], bytes]:
    """One request through everything that stands around the server."""
    told: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        told.update(status=status, headers={name.lower(): value for name, value in headers})

    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": host, "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http", "REMOTE_ADDR": "127.0.0.1", **more,
    }  # fmt: skip
    body = b"".join(application(environ, start))
    return told["status"], told["headers"], body


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_carries_the_headers(path: str) -> None:
    _, headers, _ = asked(path)

    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert re.search(r"default-src '(self|none)'", policy)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


@pytest.mark.parametrize("path", ["/", "/fhir/Patient", "/helsami/", "/admin/", "/session/"])
def test_no_cache_keeps_what_may_be_clinical(path: str) -> None:
    assert "no-store" in asked(path)[1]["cache-control"]


def test_a_page_of_the_record_is_kept_by_no_cache() -> None:
    browser = staff_client()
    put("Patient", "kari", generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])

    assert "no-store" in browser.get("/patients/kari/")["Cache-Control"]


def test_an_error_page_carries_the_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("something of the record")

    monkeypatch.setattr("fellesjournal.surfaces.signing_in.views.provider_for", broken)
    answer = Client(raise_request_exception=False).get("/sign-in/")

    assert answer.status_code == 500
    assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert b"something of the record" not in answer.content


def test_the_stand_ins_page_has_the_policy_of_every_page() -> None:
    browser = Client()
    answer = browser.get(go_to_provider(browser))

    assert answer.status_code == 200
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_strict_transport_is_demanded_with_https_only() -> None:
    def with_https(*, https: bool) -> list[str]:
        names: list[str] = []

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
            names.extend(name for name, _ in headers)

        list(shielded(lambda _, start: (start("200 OK", []), [b""])[1], https=https)({}, start))
        return names

    assert "Strict-Transport-Security" in with_https(https=True)
    assert "Strict-Transport-Security" not in with_https(https=False)


@pytest.mark.parametrize(
    "path", ["/", "/fhir/metadata", "/sign-in/", "/.well-known/smart-configuration"]
)
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "a b"]
)
def test_a_name_that_is_not_ours_is_not_answered(path: str, host: str) -> None:
    """Links, addresses to return to and DPoP are made of it; caches may key on less."""
    status, _, body = asked(path, host)

    assert status.startswith("400")
    assert b"evil" not in body


def test_a_forwarded_host_changes_nothing() -> None:
    _, _, body = asked("/fhir/metadata", HTTP_X_FORWARDED_HOST="evil.example")

    assert b"evil" not in body


def views(resolver: URLResolver) -> Any:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern)
        elif isinstance(pattern, URLPattern):
            yield pattern


# Programs, not browsers: they prove who they are by a signature, a secret or a token, and no
# cookie counts. The authorization endpoint takes an app's form and changes nothing.
_WITHOUT_TOKEN = {
    "oauth-token", "oauth-introspect", "oauth-revoke", "oauth-jwks", "oauth-style",
    "oauth-register", "oauth-authorize", "back-channel-logout", None,
}  # fmt: skip


def test_every_form_is_protected_against_forgery() -> None:
    open_to_all = {
        pattern.name
        for pattern in views(get_resolver())
        if getattr(pattern.callback, "csrf_exempt", False)
    }

    assert open_to_all <= _WITHOUT_TOKEN


@pytest.mark.parametrize(
    "path",
    ["/sign-out/", "/sessions/end/", "/role/", "/language/", "/patients/",
     "/oauth/authorize/x/consent/", "/oauth/authorize/x/encounter/", "/oauth/apps/",
     "/admin/units/u/roles/new/", "/helsami/terms/"],
)  # fmt: skip
def test_a_form_from_elsewhere_is_refused(path: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    staff_client()
    browser.cookies = staff_client().cookies

    answer = browser.post(path, {"role": "x"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "unsafe" not in answer["Content-Security-Policy"]
