"""The way to a provider and back: what is asked, and everything that is refused."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from fellesjournal.access.identity import flow, metadata
from fellesjournal.access.identity.claims import (
    ASSURANCE_LEVEL,
    HPR_NUMBER,
    PID,
    SECURITY_LEVEL,
    SUPPLIER_ORGANISATION,
)
from fellesjournal.access.identity.providers import Provider, idporten
from fellesjournal.access.identity.refusals import ProviderUnavailable, SignInRefused
from fellesjournal.access.identity.tokens import hash_of, unpadded
from fellesjournal.foundation import clock
from tests.access.identity.provider import (
    BACK,
    CLIENT_KEY,
    HELSEID,
    IDPORTEN,
    ISSUER,
    OTHER_KEY,
    SIGNING_KEY,
    InventedProvider,
    arrived,
    begun,
    citizen_claims,
    in_place,
    staff_claims,
)
from tests.signing_in import ASLAUG, GP


@pytest.fixture
def staff(monkeypatch: pytest.MonkeyPatch) -> Iterator[InventedProvider]:
    """HelseID, which knows a doctor."""
    yield in_place(monkeypatch, InventedProvider(staff_claims()))
    metadata.forget()


@pytest.fixture
def citizens(monkeypatch: pytest.MonkeyPatch) -> Iterator[InventedProvider]:
    """ID-porten, which knows a citizen."""
    yield in_place(monkeypatch, InventedProvider(citizen_claims()))
    metadata.forget()


def _refused(
    code: str, made: InventedProvider, provider: Provider = HELSEID, /, **answer: str
) -> None:
    with pytest.raises(SignInRefused) as caught:
        arrived(made, provider, **answer)
    assert caught.value.code == code


# --- what is asked ----------------------------------------------------------------------------


def test_request_to_helseid_is_pushed_with_proof_of_client_and_key(staff: InventedProvider) -> None:
    form, journey = begun(staff, HELSEID)
    assert form["redirect_uri"] == BACK
    assert form["code_challenge"] == hash_of(journey.verifier)
    assert (form["code_challenge_method"], form["response_type"]) == ("S256", "code")
    assert "helseid://scopes/hpr/hpr_number" in form["scope"].split()
    assert journey.dpop_key is not None
    assert form["dpop_jkt"] == ECKey.import_key(journey.dpop_key).thumbprint()
    claims = jwt.decode(form["client_assertion"], CLIENT_KEY, algorithms=["ES256"]).claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("us", "us", ISSUER)
    assert 0 < claims["exp"] - claims["iat"] <= 60


def test_browser_carries_nothing_but_the_name_of_a_pushed_request(staff: InventedProvider) -> None:
    address, _ = flow.begin(HELSEID, redirect_uri=BACK)
    assert address == f"{ISSUER}/authorize?client_id=us&request_uri=urn%3Ax"


def test_request_to_idporten_asks_for_the_high_level_and_the_language(
    citizens: InventedProvider,
) -> None:
    query, _ = begun(citizens, IDPORTEN, language="nn")
    assert (query["acr_values"], query["ui_locales"]) == ("idporten-loa-high", "nn")
    assert "prompt" not in query


def test_step_up_asks_the_provider_to_see_the_user_again(citizens: InventedProvider) -> None:
    query, _ = begun(citizens, IDPORTEN, again=True, max_age=0)
    assert (query["prompt"], query["max_age"]) == ("login", "0")


def test_two_journeys_share_no_secret(staff: InventedProvider) -> None:
    first, second = (begun(staff, HELSEID)[1] for _ in range(2))
    for name in ("state", "nonce", "verifier"):
        assert getattr(first, name) != getattr(second, name)


def test_journey_survives_a_web_session(staff: InventedProvider) -> None:
    _, journey = begun(staff, HELSEID)
    assert flow.Journey(**json.loads(json.dumps(journey.as_dict()))) == journey


def test_secret_is_sent_as_basic_authentication_with_its_special_characters(
    citizens: InventedProvider,
) -> None:
    arrived(citizens, IDPORTEN)
    kind, _, value = citizens.headers("/token")["Authorization"].partition(" ")
    assert (kind, base64.b64decode(value)) == ("Basic", b"us:hush%20%26%20more")
    assert "client_assertion" not in citizens.form("/token")


def test_idporten_may_be_proved_to_with_a_key(citizens: InventedProvider) -> None:
    arrived(citizens, idporten(issuer=ISSUER, client_id="us", key=CLIENT_KEY))
    assert "client_assertion" in citizens.form("/token")
    with pytest.raises(ValueError, match="key or a client secret"):
        idporten(issuer=ISSUER, client_id="us")


# --- who comes back ---------------------------------------------------------------------------


def test_doctor_arrives_with_numbers_and_level(staff: InventedProvider) -> None:
    staff.claims[SUPPLIER_ORGANISATION] = "500000005"
    identity = arrived(staff, HELSEID).identity
    assert (identity.pid, identity.hpr) == (GP.number, GP.hpr)
    assert (identity.security_level, identity.sid) == ("4", "session")
    assert identity.supplier_organisation == "500000005"
    assert GP.number not in repr(identity)


def test_citizen_arrives_without_an_hpr_number(citizens: InventedProvider) -> None:
    identity = arrived(citizens, IDPORTEN).identity
    assert (identity.pid, identity.hpr) == (ASLAUG.number, "")


def test_claims_missing_in_the_id_token_are_asked_for_with_the_bound_token(
    staff: InventedProvider,
) -> None:
    del staff.claims[HPR_NUMBER]
    staff.info = {"sub": "subject", HPR_NUMBER: GP.hpr, PID: "a number the token contradicts"}
    identity = arrived(staff, HELSEID).identity
    assert (identity.hpr, identity.pid) == (GP.hpr, GP.number)
    assert staff.headers("/userinfo")["Authorization"] == "DPoP access"
    proof = staff.headers("/userinfo")["DPoP"]
    claims = json.loads(base64.urlsafe_b64decode(proof.split(".")[1] + "=="))
    assert (claims["ath"], claims["htm"]) == (hash_of("access"), "GET")


def test_claims_about_somebody_else_are_refused(staff: InventedProvider) -> None:
    del staff.claims[HPR_NUMBER]
    staff.info = {"sub": "another", HPR_NUMBER: GP.hpr}
    _refused("subject", staff)


def test_provider_may_demand_a_nonce_in_the_proof(staff: InventedProvider) -> None:
    staff.dpop_nonce = "of-the-server"
    assert arrived(staff, HELSEID).identity.hpr == GP.hpr


# --- refusals: the answer ---------------------------------------------------------------------


def test_answer_with_another_state_is_refused(staff: InventedProvider) -> None:
    _refused("state", staff, state="guessed")


def test_answer_of_another_issuer_is_refused(staff: InventedProvider) -> None:
    staff.configuration["authorization_response_iss_parameter_supported"] = True
    _refused("issuer", staff, iss="https://evil.example")
    _refused("issuer", staff)
    assert arrived(staff, HELSEID, iss=ISSUER).id_token


def test_answer_of_one_provider_is_not_taken_for_the_others(staff: InventedProvider) -> None:
    _, journey = begun(staff, HELSEID)
    with pytest.raises(SignInRefused) as caught:
        flow.finish(IDPORTEN, journey, {"state": journey.state, "code": "c"})
    assert caught.value.code == "issuer"


def test_answer_that_took_too_long_is_refused(staff: InventedProvider) -> None:
    _, journey = begun(staff, HELSEID)
    late = clock.now() + timedelta(seconds=flow.JOURNEY_SECONDS + 1)
    with clock.at(late), pytest.raises(SignInRefused) as caught:
        flow.finish(HELSEID, journey, {"state": journey.state, "code": "c"})
    assert caught.value.code == "expired"
    assert "/token" not in [path for _, path, _, _ in staff.asked]


@pytest.mark.parametrize(
    ("error", "code"), [("access_denied", "cancelled"), ("server_error", "provider-refused")]
)
def test_error_of_the_provider_is_told_apart(
    staff: InventedProvider, error: str, code: str
) -> None:
    _refused(code, staff, error=error)


def test_answer_without_a_code_is_refused(staff: InventedProvider) -> None:
    _refused("code", staff, code="")


def test_code_that_the_provider_refuses_is_refused(staff: InventedProvider) -> None:
    staff.answers["/token"] = httpx.Response(400, json={"error": "invalid_grant"})
    _refused("code", staff)


def test_token_that_is_not_bound_is_refused_where_binding_was_asked_for(
    staff: InventedProvider,
) -> None:
    staff.token_answer["token_type"] = "Bearer"
    _refused("token-type", staff)


# --- refusals: the id_token -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"nonce": "of another sign-in"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"aud": "another"}, "audience"),
        ({"aud": ["us", "another"]}, "audience"),
        ({"aud": ["us", "another"], "azp": "another"}, "audience"),
        ({"azp": "another"}, "audience"),
        ({"aud": None}, "audience"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"exp": 1}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "soon"}, "malformed"),
        ({"exp": True}, "malformed"),
        ({"iat": 1}, "issued-at"),
        ({"iat": None}, "issued-at"),
        ({"iat": 9_999_999_999}, "issued-at"),
        ({"nbf": 9_999_999_999}, "issued-at"),
        ({"at_hash": "of another token"}, "access-token-hash"),
        ({"sub": None}, "malformed"),
        ({"sub": ""}, "malformed"),
    ],
)
def test_id_token_with_a_wrong_claim_is_refused(
    staff: InventedProvider, changed: dict[str, Any], code: str
) -> None:
    staff.claims |= changed
    _refused(code, staff)


def test_id_token_for_several_audiences_is_ours_when_it_was_issued_to_us(
    staff: InventedProvider,
) -> None:
    staff.claims |= {"aud": ["us", "another"], "azp": "us"}
    assert arrived(staff, HELSEID).id_token


def test_clocks_may_differ_by_half_a_minute(staff: InventedProvider) -> None:
    seconds = int(clock.now().timestamp())
    staff.claims |= {"iat": seconds + 20, "nbf": seconds + 20, "exp": seconds - 20}
    assert arrived(staff, HELSEID).id_token


def test_unsigned_id_token_is_refused(staff: InventedProvider) -> None:
    _, journey = begun(staff, HELSEID)
    header = unpadded(json.dumps({"alg": "none", "kid": "first"}).encode())
    claims = unpadded(json.dumps({"iss": ISSUER, "aud": "us", "nonce": journey.nonce}).encode())
    staff.id_token = f"{header}.{claims}."
    with pytest.raises(SignInRefused) as caught:
        flow.finish(HELSEID, journey, {"state": journey.state, "code": "c"})
    assert caught.value.code == "algorithm"


def test_id_token_signed_with_the_public_key_as_a_secret_is_refused(
    staff: InventedProvider,
) -> None:
    parts = [{"alg": "HS256", "kid": "first"}, {"iss": ISSUER, "aud": "us"}]
    signed = ".".join(unpadded(json.dumps(part).encode()) for part in parts)
    mac = hmac.digest(SIGNING_KEY.as_pem(private=False), signed.encode(), "sha256")
    staff.id_token = f"{signed}.{unpadded(mac)}"
    _refused("algorithm", staff)


def test_algorithm_outside_the_list_of_the_provider_is_refused(citizens: InventedProvider) -> None:
    citizens.algorithm = "PS256"  # good enough for HelseID, not what ID-porten uses
    _refused("algorithm", citizens, IDPORTEN)


def test_id_token_signed_by_somebody_else_is_refused(staff: InventedProvider) -> None:
    staff.key = RSAKey.generate_key(2048, {"kid": "first"})
    _refused("signature", staff)


@pytest.mark.parametrize("header", [{"kid": None}, {"kid": "unknown"}])
def test_id_token_that_names_no_key_of_the_provider_is_refused(
    staff: InventedProvider, header: dict[str, Any]
) -> None:
    staff.header = header
    _refused("signature", staff)


def test_id_token_with_an_unknown_critical_extension_is_refused(staff: InventedProvider) -> None:
    staff.id_token = f"{unpadded(json.dumps({'alg': 'RS256', 'crit': ['b64']}).encode())}.e30.x"
    _refused("malformed", staff)


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c.d", "!.!.!", "W10.e30.x", "x" * 30_000])
def test_id_token_that_is_none_is_refused(staff: InventedProvider, token: str) -> None:
    staff.id_token = token or "x"
    _refused("malformed", staff)


def test_new_key_of_the_provider_is_fetched_when_a_token_names_it(
    staff: InventedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived(staff, HELSEID)
    staff.listed = [SIGNING_KEY, OTHER_KEY]
    staff.key, staff.id_token = OTHER_KEY, ""
    _refused("signature", staff)  # asked for the keys a moment ago
    monkeypatch.setattr(metadata, "_KEYS_AGAIN_SECONDS", 0.0)
    staff.id_token = ""
    assert arrived(staff, HELSEID).id_token


def test_forged_key_names_do_not_make_us_ask_again_and_again(staff: InventedProvider) -> None:
    for turn in range(5):
        staff.header, staff.id_token = {"kid": f"forged-{turn}"}, ""
        _refused("signature", staff)
    assert sum(path == "/keys" for _, path, _, _ in staff.asked) == 1


def test_authentication_of_long_ago_does_not_do_for_a_step_up(staff: InventedProvider) -> None:
    staff.claims["auth_time"] = int(clock.now().timestamp()) - 3600
    _, journey = begun(staff, HELSEID, again=True, max_age=0)
    with pytest.raises(SignInRefused) as caught:
        flow.finish(HELSEID, journey, {"state": journey.state, "code": "c"})
    assert caught.value.code == "authentication-age"
    staff.id_token = ""
    assert arrived(staff, HELSEID).id_token  # a plain sign-in takes it


# --- refusals: the identity -------------------------------------------------------------------


@pytest.mark.parametrize("level", ["3", "", None, 4])
def test_staff_below_level_four_are_refused(staff: InventedProvider, level: Any) -> None:
    staff.claims[SECURITY_LEVEL] = level
    _refused("level", staff)


def test_staff_below_the_high_assurance_level_are_refused(staff: InventedProvider) -> None:
    staff.claims[ASSURANCE_LEVEL] = "substantial"
    _refused("level", staff)


@pytest.mark.parametrize("acr", ["idporten-loa-substantial", "Level4", "", None])
def test_citizen_below_the_high_level_is_refused_though_it_was_asked_for(
    citizens: InventedProvider, acr: Any
) -> None:
    citizens.claims["acr"] = acr
    _refused("acr", citizens, IDPORTEN)


@pytest.mark.parametrize("pid", ["", "12345678901", None])
def test_identity_without_a_valid_person_number_is_refused(
    citizens: InventedProvider, pid: Any
) -> None:
    citizens.claims["pid"] = pid
    _refused("pid", citizens, IDPORTEN)


def test_hpr_number_that_is_none_is_refused(staff: InventedProvider) -> None:
    staff.claims[HPR_NUMBER] = "12x"
    _refused("hpr", staff)


# --- the provider itself ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://idp.example/token"},
        {"token_endpoint": None},
        {"pushed_authorization_request_endpoint": ""},
    ],
)
def test_provider_with_an_unusable_configuration_is_not_used(
    staff: InventedProvider, changed: dict[str, Any]
) -> None:
    staff.configuration = changed
    with pytest.raises(ProviderUnavailable):
        flow.begin(HELSEID, redirect_uri=BACK)


def test_no_message_of_a_refusal_tells_a_code_or_a_number(staff: InventedProvider) -> None:
    staff.answers["/token"] = httpx.Response(
        400, json={"error": "invalid_grant", "error_description": f"for {GP.number}"}
    )
    with pytest.raises(SignInRefused) as caught:
        arrived(staff, HELSEID, code="secret-code")
    assert GP.number not in str(caught.value)
    assert "secret-code" not in str(caught.value)
