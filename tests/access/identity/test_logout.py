"""Signing out where the provider is concerned."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt

from fellesjournal.access.identity import metadata, web_sessions
from fellesjournal.access.identity.logout import (
    address_at_provider,
    provider_ended,
    provider_told,
)
from fellesjournal.access.identity.people import KnownPerson
from fellesjournal.access.identity.refusals import SignInRefused
from fellesjournal.foundation import clock
from tests.access.identity.provider import (
    HELSEID,
    ISSUER,
    SIGNING_KEY,
    InventedProvider,
    arrived,
    in_place,
    staff_claims,
)

pytestmark = pytest.mark.django_db
_EVENT: dict[str, dict[str, str]] = {"http://schemas.openid.net/event/backchannel-logout": {}}
IDLE = timedelta(minutes=30)
RAGNA = KnownPerson("Practitioner/r", "Ragna")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[InventedProvider]:
    yield in_place(monkeypatch, InventedProvider(staff_claims()))
    metadata.forget()


def _signed_in(made: InventedProvider) -> Any:
    identity = arrived(made, HELSEID).identity
    return web_sessions.begin(identity, RAGNA, device="", lifetime=timedelta(hours=1))


def _token(**changed: Any) -> str:
    seconds = int(clock.now().timestamp())
    claims = {
        "iss": ISSUER, "aud": "us", "iat": seconds, "jti": secrets.token_hex(8),
        "events": _EVENT, "sid": "session", **changed,
    }  # fmt: skip
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, SIGNING_KEY, algorithms=["RS256"])


def test_provider_that_tells_ends_its_session(made: InventedProvider) -> None:
    name = _signed_in(made)
    assert provider_told(HELSEID, _token()) == 1
    assert web_sessions.current(name, idle=IDLE) is None


def test_provider_may_end_all_sessions_of_one_subject(made: InventedProvider) -> None:
    first = _signed_in(made)
    made.id_token = ""
    second = _signed_in(made)
    assert provider_told(HELSEID, _token(sid=None, sub="subject")) == 2
    assert web_sessions.current(first, idle=IDLE) is None
    assert web_sessions.current(second, idle=IDLE) is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"iss": "https://evil.example"}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"iat": 1}, "issued-at"),
        ({"exp": 1}, "expired"),
        ({"events": None}, "malformed"),
        ({"events": {}}, "malformed"),
        ({"nonce": "an id_token has one, a logout token never"}, "malformed"),
        ({"jti": None}, "replayed"),
    ],
)
def test_logout_token_that_is_not_exactly_that_ends_nothing(
    made: InventedProvider, changed: dict[str, Any], code: str
) -> None:
    name = _signed_in(made)
    with pytest.raises(SignInRefused) as caught:
        provider_told(HELSEID, _token(**changed))
    assert caught.value.code == code
    assert web_sessions.current(name, idle=IDLE) is not None


def test_logout_token_serves_once(made: InventedProvider) -> None:
    token = _token()
    provider_told(HELSEID, token)
    with pytest.raises(SignInRefused):
        provider_told(HELSEID, token)


def test_id_token_is_no_logout_token(made: InventedProvider) -> None:
    name = _signed_in(made)
    with pytest.raises(SignInRefused):
        provider_told(HELSEID, made.id_token)
    assert web_sessions.current(name, idle=IDLE) is not None


def test_front_channel_ends_the_session_that_is_named_and_no_other(
    made: InventedProvider,
) -> None:
    _signed_in(made)
    assert provider_ended(HELSEID, issuer=ISSUER, sid="") == 0
    assert provider_ended(HELSEID, issuer=ISSUER, sid="another") == 0
    assert provider_ended(HELSEID, issuer="https://evil.example", sid="session") == 0
    assert provider_ended(HELSEID, issuer=ISSUER, sid="session") == 1


def test_signing_out_goes_on_at_the_provider_with_a_hint(made: InventedProvider) -> None:
    del made
    address = address_at_provider(HELSEID, id_token="t", back_to="https://journal.example/")
    assert address.startswith(f"{ISSUER}/logout?")
    assert dict(parse_qsl(urlsplit(address).query)) == {
        "client_id": "us",
        "id_token_hint": "t",
        "post_logout_redirect_uri": "https://journal.example/",
    }
