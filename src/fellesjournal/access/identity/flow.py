"""One sign-in: the way to the provider, and what is made of the way back.

Authorization code flow of OpenID Connect with state, nonce and PKCE; HelseID's with pushed
requests, ``private_key_jwt`` and DPoP as well. The surface keeps the :class:`Journey` in the
browser's own session, so that an answer meant for one browser is useless in another.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from joserfc.jwk import ECKey

from fellesjournal.access.identity import proofs
from fellesjournal.access.identity.claims import HPR_NUMBER, PID, Identity, identity_of
from fellesjournal.access.identity.id_token import check_id_token
from fellesjournal.access.identity.metadata import Metadata, key_of, metadata_of
from fellesjournal.access.identity.providers import Provider, ProviderName
from fellesjournal.access.identity.refusals import ProviderUnavailable, SignInRefused
from fellesjournal.access.identity.tokens import hash_of
from fellesjournal.access.identity.transport import call, json_of
from fellesjournal.foundation import clock

JOURNEY_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Journey:
    """What must be known when the user comes back. Plain values: it lives in a web session."""

    provider: str
    issuer: str
    redirect_uri: str
    state: str
    nonce: str
    verifier: str
    started: float
    dpop_key: dict[str, Any] | None = None
    max_age: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """For the session; ``Journey(**...)`` reads it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A finished sign-in. ``id_token`` is the hint for signing out at the provider."""

    identity: Identity
    id_token: str


def begin(
    provider: Provider,
    *,
    redirect_uri: str,
    language: str = "nb",
    again: bool = False,
    max_age: int | None = None,
) -> tuple[str, Journey]:
    """The address to send the browser to, and the journey to keep.

    ``again`` asks the provider to see the user anew (``prompt=login``); ``max_age`` in seconds
    demands a recent authentication. Raises ProviderUnavailable, SignInRefused.
    """
    metadata = metadata_of(provider)
    dpop = proofs.dpop_key() if provider.dpop else None
    journey = Journey(
        provider=provider.name.value,
        issuer=provider.issuer,
        redirect_uri=redirect_uri,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        started=clock.now().timestamp(),
        dpop_key=None if dpop is None else dict(dpop.as_dict(private=True)),
        max_age=max_age,
    )
    request = _request(provider, journey, language, again=again)
    if dpop is not None:
        request["dpop_jkt"] = dpop.thumbprint()
    if provider.pushed:
        request = _push(provider, metadata, request)
    joint = "&" if "?" in metadata.authorization else "?"
    return f"{metadata.authorization}{joint}{urlencode(request)}", journey


def _request(provider: Provider, journey: Journey, language: str, *, again: bool) -> dict[str, str]:
    request = {
        "client_id": provider.client_id,
        "response_type": "code",
        "scope": " ".join(provider.scopes),
        "redirect_uri": journey.redirect_uri,
        "state": journey.state,
        "nonce": journey.nonce,
        "code_challenge": hash_of(journey.verifier),
        "code_challenge_method": "S256",
    }
    if provider.acr_values:
        request["acr_values"] = provider.acr_values
    if provider.name is ProviderName.IDPORTEN:
        request["ui_locales"] = language
    if again:
        request["prompt"] = "login"
    if journey.max_age is not None:
        request["max_age"] = str(journey.max_age)
    return request


def _push(provider: Provider, metadata: Metadata, request: dict[str, str]) -> dict[str, str]:
    """RFC 9126: the request goes from server to server, the browser carries its name only."""
    answer = _authenticated(provider, metadata.pushed, request, headers={})
    if answer.status_code not in {200, 201}:
        raise ProviderUnavailable(f"{provider.name} refused the request: {_error(answer)}")
    name = json_of(answer).get("request_uri")
    if not isinstance(name, str):
        raise ProviderUnavailable(f"{provider.name} gave no request_uri")
    return {"client_id": provider.client_id, "request_uri": name}


def finish(provider: Provider, journey: Journey, answer: Mapping[str, str]) -> Arrival:
    """Make an identity of what the browser came back with.

    ``answer`` holds the parameters of the redirect. Raises SignInRefused with the code of the
    rule that was broken (``state``, ``issuer``, ``cancelled``, ``code``, those of
    :func:`check_id_token` and of :func:`identity_of`), ProviderUnavailable.
    """
    _check_answer(provider, journey, answer)
    metadata = metadata_of(provider)
    if metadata.names_issuer and answer.get("iss") != provider.issuer:
        # RFC 9207: an answer of one provider must not be taken for another's.
        raise SignInRefused("issuer", "the answer comes from another issuer")
    tokens = _redeem(provider, metadata, journey, answer["code"])
    now = clock.now()
    claims = check_id_token(
        tokens["id_token"],
        lambda header: key_of(provider, header),
        provider=provider,
        nonce=journey.nonce,
        access_token=tokens["access_token"],
        now=now,
        max_age=journey.max_age,
    )
    if provider.name is ProviderName.HELSEID and not (PID in claims and HPR_NUMBER in claims):
        claims = _userinfo(provider, metadata, journey, tokens["access_token"], claims) | claims
    return Arrival(identity_of(claims, provider, now=now), tokens["id_token"])


def _check_answer(provider: Provider, journey: Journey, answer: Mapping[str, str]) -> None:
    state = answer.get("state", "")
    if not hmac.compare_digest(state.encode("utf-8", "replace"), journey.state.encode()):
        raise SignInRefused("state", "the answer belongs to another sign-in")
    if journey.provider != provider.name or journey.issuer != provider.issuer:
        raise SignInRefused("issuer", "the answer belongs to another provider")
    if journey.started + JOURNEY_SECONDS < clock.now().timestamp():
        raise SignInRefused("expired", "the sign-in took too long")
    if "error" in answer:
        cancelled = answer["error"] in {"access_denied", "login_required", "interaction_required"}
        code = "cancelled" if cancelled else "provider-refused"
        raise SignInRefused(code, f"{provider.name} answered with an error")
    if not answer.get("code"):
        raise SignInRefused("code", "the answer holds no code")


def _redeem(provider: Provider, metadata: Metadata, journey: Journey, code: str) -> dict[str, str]:
    """Exchange the code for tokens (RFC 6749, 4.1.3), with a proof of possession if required."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": journey.redirect_uri,
        "code_verifier": journey.verifier,
    }
    answer = _authenticated(
        provider, metadata.token, form, headers=_proof(journey, "POST", metadata.token)
    )
    nonce = answer.headers.get("DPoP-Nonce", "")
    if answer.status_code in {400, 401} and nonce and _error(answer) == "use_dpop_nonce":
        headers = _proof(journey, "POST", metadata.token, nonce=nonce)
        answer = _authenticated(provider, metadata.token, form, headers=headers)
    if answer.status_code != 200:
        raise SignInRefused("code", f"{provider.name} refused the code: {_error(answer)}")
    found = json_of(answer)
    kind = str(found.get("token_type", "")).lower()
    if kind != ("dpop" if provider.dpop else "bearer"):
        raise SignInRefused("token-type", "the access token is not of the kind asked for")
    tokens = {name: found.get(name) for name in ("id_token", "access_token")}
    if not all(isinstance(token, str) and token for token in tokens.values()):
        raise SignInRefused("malformed", "the provider did not give both tokens")
    return {name: str(token) for name, token in tokens.items()}


def _userinfo(
    provider: Provider,
    metadata: Metadata,
    journey: Journey,
    access_token: str,
    claims: dict[str, Any],
) -> dict[str, Any]:
    """The claims that did not fit into the id_token; of the same subject only."""
    if not metadata.userinfo:
        return {}
    kind = "DPoP" if provider.dpop else "Bearer"
    headers = _proof(journey, "GET", metadata.userinfo, access_token=access_token)
    headers["Authorization"] = f"{kind} {access_token}"
    answer = call(provider, "GET", metadata.userinfo, headers=headers)
    if answer.status_code != 200:
        raise ProviderUnavailable(f"{provider.name} told nothing about the user")
    found = json_of(answer)
    if found.get("sub") != claims["sub"]:
        raise SignInRefused("subject", "the provider spoke of somebody else")
    return found


def _proof(
    journey: Journey, method: str, url: str, *, access_token: str = "", nonce: str = ""
) -> dict[str, str]:
    if journey.dpop_key is None:
        return {}
    key = ECKey.import_key(journey.dpop_key)
    proof = proofs.dpop_proof(
        key, method, url, now=clock.now(), access_token=access_token, nonce=nonce
    )
    return {"DPoP": proof}


def _authenticated(
    provider: Provider, url: str, form: dict[str, str], *, headers: dict[str, str]
) -> httpx.Response:
    """A request in which the client proves who it is: by its key, else by its secret."""
    if provider.key is not None:
        assertion = proofs.client_assertion(provider, now=clock.now())
        form = form | {
            "client_id": provider.client_id,
            "client_assertion_type": proofs.ASSERTION_TYPE,
            "client_assertion": assertion,
        }
    else:
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.secret, safe='')}"
        headers = headers | {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    return call(provider, "POST", url, headers=headers, form=form)


def _error(answer: httpx.Response) -> str:
    """The error code of an OAuth answer, fit for a log; never its free text."""
    try:
        code = json_of(answer).get("error")
    except ProviderUnavailable:
        code = None
    return code if isinstance(code, str) and code.isascii() and len(code) < 60 else "no reason"
