"""Signing out where the provider is concerned: towards it, and when it tells us.

RP-Initiated Logout 1.0, Front-Channel Logout 1.0, Back-Channel Logout 1.0.
"""

from __future__ import annotations

from urllib.parse import urlencode

from fellesjournal.access.identity import held, web_sessions
from fellesjournal.access.identity.id_token import check_times
from fellesjournal.access.identity.metadata import key_of, metadata_of
from fellesjournal.access.identity.providers import Provider
from fellesjournal.access.identity.refusals import SignInRefused
from fellesjournal.access.identity.tokens import claims_of
from fellesjournal.foundation import clock

_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_ONCE_SECONDS = 3600


def address_at_provider(provider: Provider, *, id_token: str, back_to: str) -> str:
    """Where the browser goes to end the session at the provider too; "" when it can't."""
    endpoint = metadata_of(provider).end_session
    if not endpoint:
        return ""
    query = {"client_id": provider.client_id, "post_logout_redirect_uri": back_to}
    if id_token:
        query["id_token_hint"] = id_token
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def provider_ended(provider: Provider, *, issuer: str, sid: str) -> int:
    """Front channel: the provider's page names a session that is over. Answers how many ended.

    The name of a session is not guessable, and ending one is all that can be done with it.
    """
    if issuer != provider.issuer or not sid:
        return 0
    return web_sessions.end_at_provider(provider.name, sid=sid, why="provider")


def provider_told(provider: Provider, logout_token: str) -> int:
    """Back channel: a signed token says which session is over. Answers how many ended.

    Raises SignInRefused for any token that is not exactly that (section 2.6).
    """
    claims = claims_of(
        logout_token, lambda header: key_of(provider, header), algorithms=provider.algorithms
    )
    audience = claims.get("aud")
    if claims.get("iss") != provider.issuer:
        raise SignInRefused("issuer", "the token was made by another issuer")
    if provider.client_id not in (audience if isinstance(audience, list) else [audience]):
        raise SignInRefused("audience", "the token was made for another client")
    check_times({"exp": clock.now().timestamp() + 60} | claims, clock.now().timestamp())
    events = claims.get("events")
    if not isinstance(events, dict) or _EVENT not in events or "nonce" in claims:
        raise SignInRefused("malformed", "this is no logout token")
    name = claims.get("jti")
    if not isinstance(name, str) or not held.first_use("logout", name, seconds=_ONCE_SECONDS):
        raise SignInRefused("replayed", "the token has been used before")
    sid, subject = claims.get("sid"), claims.get("sub")
    return web_sessions.end_at_provider(
        provider.name,
        sid=sid if isinstance(sid, str) else "",
        subject=subject if isinstance(subject, str) else "",
        why="provider",
    )
