"""The security headers of every answer: of pages, of the API, and of errors in between.

Pages get theirs from :class:`SecurityHeaders`, innermost first, so that a page may say more
itself (the consent page names where it leads). :func:`shielded` stands around the whole server
and adds what is still missing, whoever answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication

# data: images are needed: the prebuilt stylesheet draws its icons that way.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
# What is no page needs nothing at all.
NO_PAGE_POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
PERMISSIONS_POLICY = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(),"
    " gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)
YEAR_SECONDS = 365 * 24 * 3600

_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", PERMISSIONS_POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    # A record must not be left in the cache of a shared computer.
    ("Cache-Control", "no-store"),
)
_HTTPS_ONLY = ("Strict-Transport-Security", f"max-age={YEAR_SECONDS}; includeSubDomains")
_POLICY = "content-security-policy"


class SecurityHeaders:
    """Adds the content security policy of pages; a page says ``no-store`` unless it decides itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers added."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        for name, value in _ALWAYS:
            response.headers.setdefault(name, value)
        return response


def shielded(application: WSGIApplication, *, https: bool) -> WSGIApplication:
    """The server with every answer's missing headers added; ``https``: it is reached so only."""
    wanted = [(name.lower(), name, value) for name, value in _ALWAYS]
    if https:
        wanted.append((_HTTPS_ONLY[0].lower(), *_HTTPS_ONLY))

    def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], exc_info: OptExcInfo | None = None, /
        ) -> Callable[[bytes], object]:
            said = {name.lower() for name, _ in headers}
            added = [(name, value) for key, name, value in wanted if key not in said]
            if _POLICY not in said:
                added.append(("Content-Security-Policy", NO_PAGE_POLICY))
            return start_response(status, [*headers, *added], exc_info)

        return application(environ, start)

    return answer
