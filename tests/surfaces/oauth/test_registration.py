"""Who becomes a client: by an administrator's page, or by RFC 7591 with an invitation."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from joserfc.jwk import OctKey, RSAKey

from fellesjournal.access.smart import assertions, clients, registrations
from fellesjournal.access.smart.clients import BadClient
from fellesjournal.demo.cast import STAFF
from tests.signing_in import staff_client
from tests.surfaces.oauth.flow import RETURN_TO, Dance, app
from tests.surfaces.oauth.proofs import EC_KEY, assertion, by_assertion, public_set

SCOPE = "openid launch/patient patient/*.rs"
ADMINISTRATOR = next(member for member in STAFF if member.role == "administrator")


def invite(**members: Any) -> str:
    values: dict[str, Any] = {
        "note": "Prøvefirma",
        "scope": SCOPE,
        "by": "Practitioner/test",
        "lifetime": timedelta(days=1),
    }
    return registrations.invite(**{**values, **members})


def register(token: str | None, **metadata: Any) -> Any:
    body = {
        "client_name": "Prøveapp",
        "redirect_uris": [RETURN_TO],
        "token_endpoint_auth_method": "none",
        "scope": SCOPE,
        **metadata,
    }
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return Browser().post(
        "/oauth/register", json.dumps(body), content_type="application/json", headers=headers
    )


def test_invited_app_registers_itself_once_and_can_be_used(browser: Browser) -> None:
    token = invite()
    answer = register(token, scope=SCOPE + " user/*.rs patient/*.cruds")
    told = answer.json()
    assert answer.status_code == 201, answer.content
    assert answer["Cache-Control"] == "no-store"
    assert told["scope"] == "launch/patient openid patient/*.rs"
    assert "client_secret" not in told
    client = clients.client_of(told["client_id"])
    assert client is not None
    dance = Dance(client, browser, scope="launch/patient patient/*.rs")
    assert dance.exchange(dance.code("kari")).status_code == 200
    assert register(token).status_code == 401


def test_registered_secret_works_and_keys_are_kept(browser: Browser) -> None:
    told = register(invite(), token_endpoint_auth_method="client_secret_basic").json()
    client = clients.client_of(told["client_id"])
    assert client is not None
    assert client.takes_secret(told["client_secret"])
    keys = json.loads(public_set(EC_KEY))
    told = register(invite(), token_endpoint_auth_method="private_key_jwt", jwks=keys).json()
    assert told["jwks"] == keys


@pytest.mark.parametrize("token", [None, "", "fji_invented", "Bearer"])
def test_nobody_registers_without_an_invitation(browser: Browser, token: str | None) -> None:
    assert register(token).status_code == 401


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"redirect_uris": []}, "invalid_redirect_uri"),
    ({"redirect_uris": ["http://app.test/back"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["https://app.test/back#x"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["https://*.app.test/back"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["https://user@app.test/back"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["data:text/html,x"]}, "invalid_redirect_uri"),
    ({"redirect_uris": ["https://app.test:x/"]}, "invalid_redirect_uri"),
    ({"redirect_uris": "https://app.test/back"}, "invalid_client_metadata"),
    ({"redirect_uris": [7]}, "invalid_client_metadata"),
    ({"client_name": ""}, "invalid_client_metadata"),
    ({"client_name": 7}, "invalid_client_metadata"),
    ({"client_name": "a\x00"}, "invalid_client_metadata"),
    ({"logo_uri": "http://app.test/logo.png"}, "invalid_client_metadata"),
    ({"logo_uri": "data:image/png;base64,AAAA"}, "invalid_client_metadata"),
    ({"client_uri": "http://app.test"}, "invalid_client_metadata"),
    ({"scope": "system/*.rs"}, "invalid_client_metadata"),
    ({"scope": "nonsense"}, "invalid_client_metadata"),
    ({"grant_types": ["client_credentials"]}, "invalid_client_metadata"),
    ({"grant_types": ["implicit"]}, "invalid_client_metadata"),
    ({"response_types": ["token"]}, "invalid_client_metadata"),
    ({"token_endpoint_auth_method": "client_secret_post"}, "invalid_client_metadata"),
    ({"token_endpoint_auth_method": "private_key_jwt"}, "invalid_client_metadata"),
    ({"jwks": {"keys": []}}, "invalid_client_metadata"),
    ({"jwks": "x"}, "invalid_client_metadata"),
    ({"jwks_uri": "http://169.254.169.254/latest"}, "invalid_client_metadata"),
]


@pytest.mark.parametrize(("metadata", "code"), WRONG, ids=lambda value: json.dumps(value)[:50])
def test_unsafe_registration_is_refused_and_uses_nothing_up(
    browser: Browser, metadata: dict[str, Any], code: str
) -> None:
    token = invite()
    answer = register(token, **metadata)
    assert (answer.status_code, answer.json()["error"]) == (400, code)
    assert register(token).status_code == 201


@pytest.mark.parametrize("body", ["", "[]", "x", "[" * 5000, '"a"'])
def test_registration_that_is_no_json_object_is_refused(browser: Browser, body: str) -> None:
    answer = Browser().post(
        "/oauth/register",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {invite()}"},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "https://app.test/back",
        "http://127.0.0.1:5000/back",
        "http://localhost/x",
        "no.test.app:/back",
    ],
)
def test_addresses_an_app_may_have(browser: Browser, address: str) -> None:
    assert app(redirects=(address,))[0].redirects == (address,)


def test_own_scheme_belongs_to_public_apps_only(browser: Browser) -> None:
    with pytest.raises(BadClient):
        app(redirects=("no.test.app:/back",), method=clients.SECRET)


@pytest.mark.filterwarnings("ignore:Key size:joserfc.errors.SecurityWarning")
def test_keys_that_are_weak_private_or_secret_are_refused(browser: Browser) -> None:
    weak = RSAKey.generate_key(1024, auto_kid=True)
    private = {"keys": [EC_KEY.as_dict(private=True)]}
    secret = {"keys": [OctKey.generate_key(256).as_dict(private=True)]}
    for text in (public_set(weak), json.dumps(private), json.dumps(secret), "{}", "x", "[]"):
        with pytest.raises(BadClient):
            app(method=clients.KEY, jwks=text)


def test_keys_at_an_address_are_fetched_and_fetched_again_for_a_new_one(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    held = {"keys": public_set(RSAKey.generate_key(2048, auto_kid=True))}

    def answer(address: str, *, most: int) -> str:
        asked.append(address)
        return held["keys"][:most]

    monkeypatch.setattr(assertions, "fetch", answer)
    monkeypatch.setattr(assertions, "_fetched", {})
    client, _ = app(
        method=clients.KEY,
        jwks_uri="https://service.test/keys",
        grants=(clients.SERVICE_GRANT,),
        redirects=(),
        scope="system/Patient.rs",
        purpose="HQUALIMP",
        purpose_text="Kvalitetsregister",
    )
    dance = Dance(client, browser)

    def works() -> bool:
        text = assertion(client.client_id)
        values = {"grant_type": "client_credentials", "scope": "system/Patient.rs"}
        return bool(dance.token(**values, **by_assertion(text)).status_code == 200)

    assert not works()
    held["keys"] = public_set(EC_KEY)
    assert not works(), "asked again only after a while: nobody makes us hammer a server"
    monkeypatch.setattr(assertions, "_REFETCHED_SECONDS", 0.0)
    assert works()
    assert set(asked) == {"https://service.test/keys"}


# --- the administrator's pages -------------------------------------------------------------------


def test_administrator_registers_an_app_and_sees_its_secret_once() -> None:
    admin = staff_client(ADMINISTRATOR)
    form = {"name": "Vekstkurver", "kind": "server", "redirects": RETURN_TO, "scope": SCOPE}
    page = admin.post("/admin/clients/new/", form).content.decode()
    assert "fjs_" in page
    (client,) = clients.all_clients()
    assert client.made_by == f"Practitioner/{ADMINISTRATOR.id}"
    again = admin.get(f"/admin/clients/{client.client_id}/").content.decode()
    assert "fjs_" not in again
    admin.post(f"/admin/clients/{client.client_id}/", {"disable": "1"})
    assert clients.client_of(client.client_id) is None
    admin.post(f"/admin/clients/{client.client_id}/", {"enable": "1"})
    assert clients.client_of(client.client_id) is not None
    assert "Vekstkurver" in admin.get("/admin/clients/").content.decode()


def test_administrators_mistakes_stand_at_their_fields() -> None:
    admin = staff_client(ADMINISTRATOR)
    form = {"name": "X", "kind": "service", "scope": "system/*.rs", "jwks": public_set(EC_KEY)}
    page = admin.post("/admin/clients/new/", form).content.decode()
    assert "no purpose, no access" in page
    assert clients.all_clients() == []


def test_administrator_invites_and_never_to_system_scopes() -> None:
    admin = staff_client(ADMINISTRATOR)
    page = admin.post(
        "/admin/clients/invitation/", {"note": "Firma", "scope": SCOPE, "days": "7"}
    ).content.decode()
    token = page.split("<code>")[1].split("</code>")[0]
    assert register(token).status_code == 201
    page = admin.post(
        "/admin/clients/invitation/", {"note": "Firma", "scope": "system/*.rs", "days": "7"}
    ).content.decode()
    assert "fji_" not in page


@pytest.mark.parametrize(
    "address", ["/admin/clients/", "/admin/clients/new/", "/admin/clients/invitation/"]
)
def test_pages_of_administrators_are_not_there_for_others(browser: Browser, address: str) -> None:
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"name": "x"}).status_code in {404, 405}
    assert Browser().get(address).status_code == 302
