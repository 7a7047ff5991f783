"""The stand-in: as strict as a real provider, for invented people, in a demo only."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey
from pytest_django import Settings

from fellesjournal.access.identity import proofs
from fellesjournal.access.identity.providers import Provider, ProviderName, helseid, idporten
from fellesjournal.access.identity.tokens import hash_of
from fellesjournal.config.environment import Environment, read_environment
from fellesjournal.demo.cast import CITIZENS
from fellesjournal.foundation import clock
from fellesjournal.registry.numbers import with_check_digits
from fellesjournal.surfaces.signing_in.providers import STAND_IN_CLIENT, client_key
from fellesjournal.surfaces.stand_in import people
from tests.signing_in import ASLAUG, GP

pytestmark = pytest.mark.django_db
BASE = "http://testserver/stand-in/helseid"
BACK = "http://testserver/sign-in/back/helseid/"
DPOP = proofs.dpop_key()
Form = dict[str, str]


def _provider(issuer: str = BASE, client: str = STAND_IN_CLIENT) -> Provider:
    return helseid(issuer=issuer, client_id=client, key=client_key())


def _with_client(form: Form, provider: Provider | None = None) -> Form:
    assertion = proofs.client_assertion(provider or _provider(), now=clock.now())
    return form | {
        "client_id": STAND_IN_CLIENT,
        "client_assertion_type": proofs.ASSERTION_TYPE,
        "client_assertion": assertion,
    }


def _request(**changed: str) -> Form:
    return {
        "response_type": "code", "scope": "openid profile", "redirect_uri": BACK, "state": "s",
        "nonce": "n", "code_challenge": hash_of("v" * 50), "code_challenge_method": "S256",
        "dpop_jkt": DPOP.thumbprint(), **changed,
    }  # fmt: skip


def _code(client: Client, person: str = GP.id) -> str:
    pushed = client.post("/stand-in/helseid/par", _with_client(_request())).json()
    query = f"client_id={STAND_IN_CLIENT}&request_uri={pushed['request_uri']}"
    answer = client.post(f"/stand-in/helseid/authorize?{query}", {"person": person})
    found = dict(parse_qsl(urlsplit(answer["Location"]).query))
    assert (found["state"], found["iss"]) == ("s", BASE)
    return found["code"]


def _redeem(client: Client, code: str, /, *, proof: str = "", **changed: str) -> Any:
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": BACK,
        "code_verifier": "v" * 50, **changed,
    }  # fmt: skip
    if not proof:
        proof = proofs.dpop_proof(DPOP, "POST", f"{BASE}/token", now=clock.now())
    return client.post("/stand-in/helseid/token", _with_client(form), headers={"DPoP": proof})


def test_code_is_redeemed_for_tokens_that_say_what_helseid_says(client: Client) -> None:
    answer = _redeem(client, _code(client)).json()
    assert answer["token_type"] == "DPoP"
    keys = client.get("/stand-in/helseid/jwks").json()["keys"]
    claims = jwt.decode(answer["id_token"], ECKey.import_key(keys[0]), algorithms=["ES256"]).claims
    assert claims["helseid://claims/identity/security_level"] == "4"
    assert claims["helseid://claims/hpr/hpr_number"] == GP.hpr
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (BASE, STAND_IN_CLIENT, "n")


def test_no_private_key_is_published(client: Client) -> None:
    for name in ProviderName:
        for key in client.get(f"/stand-in/{name}/jwks").json()["keys"]:
            assert not {"d", "p", "q", "k"} & set(key)


def test_code_serves_once_and_is_burnt_by_a_failed_try(client: Client) -> None:
    code = _code(client)
    assert _redeem(client, code).status_code == 200
    assert _redeem(client, code).json() == {"error": "invalid_grant"}
    code = _code(client)
    assert _redeem(client, code, code_verifier="w" * 50).json() == {"error": "invalid_grant"}
    assert _redeem(client, code).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    "changed",
    [
        {"code": "guessed"},
        {"redirect_uri": "http://testserver/elsewhere/"},
        {"code_verifier": ""},
        {"code_verifier": "ø" * 50},
        {"grant_type": "password"},
    ],
)
def test_code_with_anything_wrong_beside_it_is_refused(client: Client, changed: Form) -> None:
    assert _redeem(client, _code(client), **changed).status_code == 400


def test_code_stolen_with_the_clients_own_help_is_useless_without_the_bound_key(
    client: Client,
) -> None:
    other = proofs.dpop_key()
    proof = proofs.dpop_proof(other, "POST", f"{BASE}/token", now=clock.now())
    assert _redeem(client, _code(client), proof=proof).json() == {"error": "invalid_grant"}


def _without_jwk() -> str:
    claims = {"jti": "x", "htm": "POST", "htu": f"{BASE}/token", "iat": 1}
    return jwt.encode({"alg": "ES256", "typ": "dpop+jwt"}, claims, DPOP, algorithms=["ES256"])


@pytest.mark.parametrize(
    "proof",
    [
        lambda: "x",
        lambda: "a.b.c",
        _without_jwk,
        lambda: proofs.dpop_proof(DPOP, "GET", f"{BASE}/token", now=clock.now()),
        lambda: proofs.dpop_proof(DPOP, "POST", f"{BASE}/par", now=clock.now()),
    ],
)
def test_proof_for_something_else_is_refused(client: Client, proof: Callable[[], str]) -> None:
    assert _redeem(client, _code(client), proof=proof()).json() == {"error": "invalid_dpop_proof"}


def test_proof_serves_once(client: Client) -> None:
    proof = proofs.dpop_proof(DPOP, "POST", f"{BASE}/token", now=clock.now())
    assert _redeem(client, _code(client), proof=proof).status_code == 200
    assert _redeem(client, _code(client), proof=proof).json() == {"error": "invalid_dpop_proof"}


def test_old_proof_is_refused(client: Client) -> None:
    old = clock.now() - timedelta(minutes=5)
    proof = proofs.dpop_proof(DPOP, "POST", f"{BASE}/token", now=old)
    assert _redeem(client, _code(client), proof=proof).json() == {"error": "invalid_dpop_proof"}


def test_userinfo_is_for_the_holder_of_the_key_only(client: Client) -> None:
    token = _redeem(client, _code(client)).json()["access_token"]

    def ask(key: ECKey, scheme: str = "DPoP", ath: str = token) -> Any:
        proof = proofs.dpop_proof(key, "GET", f"{BASE}/userinfo", now=clock.now(), access_token=ath)
        headers = {"Authorization": f"{scheme} {token}", "DPoP": proof}
        return client.get("/stand-in/helseid/userinfo", headers=headers)

    assert ask(DPOP).json()["name"] == GP.name
    assert ask(proofs.dpop_key()).status_code == 401
    assert ask(DPOP, scheme="Bearer").status_code == 401
    assert ask(DPOP, ath="another").status_code == 400


def test_client_proves_itself_to_this_issuer_once(client: Client) -> None:
    form = _with_client(_request())
    assert client.post("/stand-in/helseid/par", form).status_code == 201
    assert client.post("/stand-in/helseid/par", form).json() == {"error": "invalid_client"}
    for provider in (_provider("https://other.example"), _provider(client="another")):
        form = _with_client(_request(), provider)
        assert client.post("/stand-in/helseid/par", form).status_code == 401


def test_client_with_another_key_is_refused(client: Client) -> None:
    key = ECKey.generate_key("P-256")
    stranger = helseid(issuer=BASE, client_id=STAND_IN_CLIENT, key=key)
    form = _with_client(_request(), stranger)
    assert client.post("/stand-in/helseid/par", form).json() == {"error": "invalid_client"}


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://evil.example/"},
        {"response_type": "token"},
        {"scope": "profile"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"nonce": ""},
        {"state": ""},
    ],
)
def test_request_without_what_is_demanded_is_refused(client: Client, changed: Form) -> None:
    answer = client.post("/stand-in/helseid/par", _with_client(_request(**changed)))
    assert answer.status_code == 400


def test_helseid_takes_pushed_requests_only_and_each_once(client: Client) -> None:
    plain = _request(client_id=STAND_IN_CLIENT)
    assert client.get("/stand-in/helseid/authorize", plain).status_code == 400
    pushed = client.post("/stand-in/helseid/par", _with_client(_request())).json()
    query = {"client_id": STAND_IN_CLIENT, "request_uri": pushed["request_uri"]}
    address = "/stand-in/helseid/authorize?" + "&".join(f"{k}={v}" for k, v in query.items())
    assert client.get(address).status_code == 200
    assert client.post(address, {"person": GP.id}).status_code == 302
    assert client.post(address, {"person": GP.id}).status_code == 400


def test_page_says_clearly_that_it_is_a_stand_in(client: Client) -> None:
    asked = _request(
        client_id=STAND_IN_CLIENT, redirect_uri=BACK.replace("helseid", "idporten"), dpop_jkt=""
    )
    page = client.get("/stand-in/idporten/authorize", asked).content.decode()
    assert "ERSTATNING for ID-porten" in page
    assert "Aslaug Kvernbråten" in page
    assert ASLAUG.number not in page


def test_unknown_person_is_not_let_in(client: Client) -> None:
    pushed = client.post("/stand-in/helseid/par", _with_client(_request())).json()
    query = f"client_id={STAND_IN_CLIENT}&request_uri={pushed['request_uri']}"
    answer = client.post(f"/stand-in/helseid/authorize?{query}", {"person": ASLAUG.id})
    assert answer.status_code == 200  # the page again
    assert "Location" not in answer


# --- invented people only ---------------------------------------------------------------------


def test_everybody_who_can_be_chosen_has_a_number_of_the_synthetic_series() -> None:
    for name in ProviderName:
        assert people.choices(name)


def test_person_whose_number_could_be_real_can_not_be_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = with_check_digits("010170001")
    assert real is not None
    monkeypatch.setattr(people, "CITIZENS", (replace(CITIZENS[0], number=real), *CITIZENS[1:]))
    assert people.chosen(ProviderName.IDPORTEN, CITIZENS[0].id) is None
    assert people.chosen(ProviderName.IDPORTEN, CITIZENS[1].id) is not None
    with pytest.raises(people.NotSynthetic):
        people.claims_about(ProviderName.IDPORTEN, people._citizens()[0])


def test_citizen_known_by_a_help_number_only_can_not_sign_in() -> None:
    assert people.chosen(ProviderName.IDPORTEN, "cast-newborn") is None


# --- never in production ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "there"),
    [
        ({}, True),
        ({"FELLESJOURNAL_DEMO": "1", "FELLESJOURNAL_URL": "https://demo.example"}, True),
        ({"FELLESJOURNAL_DEMO": "0"}, False),
        (
            {
                "FELLESJOURNAL_HELSEID_ISSUER": "https://helseid-sts.nhn.no",
                "FELLESJOURNAL_HELSEID_CLIENT_ID": "x",
                "FELLESJOURNAL_HELSEID_KEY_FILE": __file__,
            },
            False,
        ),
        (
            {
                "FELLESJOURNAL_DEMO": "1",
                "FELLESJOURNAL_IDPORTEN_ISSUER": "https://idporten.no",
                "FELLESJOURNAL_IDPORTEN_CLIENT_ID": "x",
                "FELLESJOURNAL_IDPORTEN_SECRET": "y",
            },
            False,
        ),
    ],
)
def test_stand_in_is_there_in_a_demo_without_any_real_issuer_only(
    variables: Form,
    there: bool,  # noqa: FBT001 - given by name
) -> None:
    assert read_environment(variables).stand_in is there


def test_no_setting_can_switch_the_stand_in_on() -> None:
    assert "stand_in" not in Environment.__dataclass_fields__
    assert isinstance(Environment.stand_in, property)


@pytest.mark.parametrize("real", [False, True], ids=["no demo", "a real issuer"])
def test_server_with_production_settings_has_no_such_address(
    tmp_path: Path,
    real: bool,  # noqa: FBT001 - given by name
) -> None:
    """In a process of its own: addresses are made when the settings are read."""
    key = tmp_path / "key.json"
    key.write_text("{}")
    variables = {"FELLESJOURNAL_DEMO": "0"}
    if real:
        variables = {
            "FELLESJOURNAL_DEMO": "1",
            "FELLESJOURNAL_HELSEID_ISSUER": "https://helseid-sts.nhn.no",
            "FELLESJOURNAL_HELSEID_CLIENT_ID": "x",
            "FELLESJOURNAL_HELSEID_KEY_FILE": str(key),
        }
    program = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "from django.urls import Resolver404, resolve\n"
        "assert not settings.STAND_IN\n"
        "assert not any('stand_in' in app for app in settings.INSTALLED_APPS)\n"
        "for path in ('authorize', 'token', 'par', 'jwks'):\n"
        "    try:\n"
        "        resolve('/stand-in/helseid/' + path)\n"
        "    except Resolver404:\n"
        "        continue\n"
        "    raise SystemExit('it is there')\n"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FELLESJOURNAL_")}
    environment |= variables | {
        "DJANGO_SETTINGS_MODULE": "fellesjournal.config.settings",
        "FELLESJOURNAL_DATA": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_every_endpoint_is_gone_when_the_switch_is_off(client: Client, settings: Settings) -> None:
    code = _code(client)
    settings.STAND_IN = False
    assert _redeem(client, code).status_code == 404
    for path in (".well-known/openid-configuration", "jwks", "authorize", "userinfo", "logout"):
        assert client.get(f"/stand-in/helseid/{path}").status_code == 404, path
    for path in ("par", "authorize", "token"):
        assert client.post(f"/stand-in/helseid/{path}").status_code == 404, path


def test_without_stand_in_and_providers_nobody_can_sign_in(
    client: Client, settings: Settings
) -> None:
    settings.STAND_IN = False
    assert "ikke satt opp" in client.get("/sign-in/").content.decode()
    assert client.get("/sign-in/staff/").status_code == 503
    assert client.get("/sign-in/back/helseid/", {"state": secrets.token_hex()}).status_code == 403


def test_idporten_needs_no_push_and_binds_no_key() -> None:
    real = idporten(issuer="https://x", client_id="y", secret="z")
    assert not real.pushed
    assert not real.dpop
