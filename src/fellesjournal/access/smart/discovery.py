"""What a client finds out by itself: SMART configuration, OpenID configuration, the OAuth
addresses of the capability statement. Pure: everything follows from the platform's address.

http://hl7.org/fhir/smart-app-launch/conformance.html
"""

from __future__ import annotations

from typing import Any

from fellesjournal.access.smart import assertions, dpop, keys
from fellesjournal.access.smart.scopes import IDENTITY_SCOPES, OTHER_SCOPES

CAPABILITIES = (
    "launch-ehr",
    "launch-standalone",
    "authorize-post",
    "client-public",
    "client-confidential-symmetric",
    "client-confidential-asymmetric",
    "sso-openid-connect",
    "context-banner",
    "context-style",
    "context-ehr-patient",
    "context-ehr-encounter",
    "context-standalone-patient",
    "context-standalone-encounter",
    "permission-offline",
    "permission-online",
    "permission-patient",
    "permission-user",
    "permission-v1",
    "permission-v2",
)
_OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
_AUTH_METHODS = ["private_key_jwt", "client_secret_basic", "none"]
_GRANTS = ["authorization_code", "refresh_token", "client_credentials"]

# Any: JSON as it is written here.
Json = dict[str, Any]


def endpoint(root: str, name: str) -> str:
    """The address of an endpoint: authorize, token, introspect, revoke, jwks, register, style."""
    return f"{root}/oauth/{name}"


def smart_configuration(root: str) -> Json:
    """``/.well-known/smart-configuration`` of the platform at ``root`` (no trailing slash)."""
    return {
        **_shared(root),
        "management_endpoint": f"{root}/oauth/apps/",
        "associated_endpoints": [{"url": f"{root}/fhir", "capabilities": list(CAPABILITIES)}],
        "capabilities": list(CAPABILITIES),
    }


def openid_configuration(root: str) -> Json:
    """``/.well-known/openid-configuration`` (OpenID Connect Discovery 1.0 § 3), and RFC 8414."""
    return {
        **_shared(root),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [keys.ALGORITHM],
        "response_modes_supported": ["query"],
        "claims_supported": [
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "auth_time",
            "nonce",
            "fhirUser",
            "name",
        ],
    }


def _shared(root: str) -> Json:
    return {
        "issuer": root,
        "authorization_endpoint": endpoint(root, "authorize"),
        "token_endpoint": endpoint(root, "token"),
        "introspection_endpoint": endpoint(root, "introspect"),
        "revocation_endpoint": endpoint(root, "revoke"),
        "registration_endpoint": endpoint(root, "register"),
        "jwks_uri": endpoint(root, "jwks"),
        "grant_types_supported": _GRANTS,
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": _AUTH_METHODS,
        "token_endpoint_auth_signing_alg_values_supported": list(assertions.ALGORITHMS),
        "dpop_signing_alg_values_supported": list(dpop.ALGORITHMS),
        "authorization_response_iss_parameter_supported": True,
        "scopes_supported": [
            *OTHER_SCOPES,
            "patient/*.cruds",
            "user/*.cruds",
            "system/*.cruds",
        ],
    }


def security_statement(root: str) -> Json:
    """``CapabilityStatement.rest.security``; with the older extension that some clients read."""
    named = [("token", "token"), ("authorize", "authorize"), ("register", "register")]
    named += [("introspect", "introspect"), ("revoke", "revoke")]
    return {
        "extension": [
            {
                "url": _OAUTH_URIS,
                "extension": [
                    {"url": name, "valueUri": endpoint(root, path)} for name, path in named
                ],
            }
        ],
        "cors": True,
        "service": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
                        "code": "SMART-on-FHIR",
                        "display": "SMART-on-FHIR",
                    }
                ],
                "text": "OAuth2 using SMART-on-FHIR profile (see http://docs.smarthealthit.org)",
            }
        ],
        "description": (
            "A bearer token (or a DPoP-bound one) in the Authorization header, for all but this"
            " statement; obtained by SMART App Launch 2.2, see /.well-known/smart-configuration."
        ),
    }


__all__ = ["CAPABILITIES", "IDENTITY_SCOPES", "openid_configuration", "security_statement"]
