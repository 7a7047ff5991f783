"""What the token and introspection endpoints tell: tokens, launch context, who the user is."""

from __future__ import annotations

from typing import Any

from fellesjournal.access.smart import keys, scopes
from fellesjournal.access.smart.authorizations import Authorization
from fellesjournal.access.smart.scopes import ScopeSet
from fellesjournal.access.smart.secret_values import moment
from fellesjournal.access.smart.tokens import Issued, Token

_SECOND = 1_000_000
_ID_TOKEN_SECONDS = 300

# Any: JSON as it is written here.
Json = dict[str, Any]


def token_answer(issued: Issued, authorization: Authorization, *, root: str) -> Json:
    """The token response (http://hl7.org/fhir/smart-app-launch/app-launch.html#response-5)."""
    granted = scopes.parse(issued.scope)
    answer: Json = {
        "access_token": issued.access,
        "token_type": "DPoP" if issued.jkt else "Bearer",
        "expires_in": issued.expires_in,
        "scope": issued.scope,
    }
    if issued.refresh:
        answer["refresh_token"] = issued.refresh
    if authorization.kind != "system":
        answer |= _context(authorization, root)
    if granted.has("openid"):
        answer["id_token"] = _id_token(authorization, granted, root)
    return answer


def _context(authorization: Authorization, root: str) -> Json:
    context: Json = {
        "need_patient_banner": authorization.banner,
        "smart_style_url": f"{root}/oauth/style",
    }
    if authorization.patient:
        context["patient"] = authorization.patient
    if authorization.encounter:
        context["encounter"] = authorization.encounter
    if authorization.intent:
        context["intent"] = authorization.intent
    if authorization.unit:
        context["tenant"] = authorization.unit.partition("/")[2]
    return context


def _id_token(authorization: Authorization, granted: ScopeSet, root: str) -> str:
    now = moment() // _SECOND
    claims: Json = {
        "iss": root,
        "sub": authorization.person,
        "aud": authorization.client_id,
        "iat": now,
        "exp": now + _ID_TOKEN_SECONDS,
    }
    if authorization.signed_in:
        claims["auth_time"] = authorization.signed_in // _SECOND
    if authorization.nonce:
        claims["nonce"] = authorization.nonce
    if granted.has("fhirUser", "profile"):
        claims["fhirUser"] = f"{root}/fhir/{authorization.person}"
    if granted.has("profile"):
        claims["name"] = authorization.name
        claims["profile"] = claims["fhirUser"]
    return keys.sign(claims)


def introspection(token: Token, *, root: str) -> Json:
    """RFC 7662 § 2.2, with SMART's context (token-introspection of SMART 2.2)."""
    found = token.authorization
    answer: Json = {
        "active": True,
        "scope": token.scope,
        "client_id": found.client_id,
        "exp": token.ends // _SECOND,
        "iat": token.made // _SECOND,
        "iss": root,
        "sub": found.person,
        "token_type": "refresh_token" if token.refresh else ("DPoP" if token.jkt else "Bearer"),
    }
    if found.patient:
        answer["patient"] = found.patient
    if found.encounter:
        answer["encounter"] = found.encounter
    if found.intent:
        answer["intent"] = found.intent
    if found.kind != "system" and scopes.parse(found.scope).has("fhirUser", "profile"):
        answer["fhirUser"] = f"{root}/fhir/{found.person}"
    if token.jkt:
        answer["cnf"] = {"jkt": token.jkt}
    return answer
