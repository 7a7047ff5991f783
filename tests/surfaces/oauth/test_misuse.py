"""What is stolen, forged, replayed or mixed up opens nothing."""

from __future__ import annotations

import base64
import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from fellesjournal.access.smart import clients, tokens
from fellesjournal.access.tokens import issue_token
from fellesjournal.foundation.database.connection import connection
from tests.surfaces.fhir_api.client import Client as Api
from tests.surfaces.oauth.flow import HOST, ROOT, Dance, api, app
from tests.surfaces.oauth.proofs import (
    EC_KEY,
    RSA_KEY,
    TOKEN,
    assertion,
    by_assertion,
    encoded,
    hs256,
    proof,
    public_set,
    unsigned,
)

OWN = ECKey.generate_key("P-256", auto_kid=True)
READ = f"{ROOT}/fhir/Patient/kari"


def error(answer: Any) -> str:
    assert answer.status_code in {400, 401}, answer.content
    assert answer["Cache-Control"] == "no-store"
    return str(answer.json()["error"])


# --- the authorization request -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"aud": "https://evil.test/fhir"}, "invalid_request"),
        ({"aud": None}, "invalid_request"),
        ({"state": None}, "invalid_request"),
    ],
)
def test_request_that_is_not_safe_goes_back_to_the_app_as_an_error(
    browser: Browser, changed: dict[str, str | None], told: str
) -> None:
    client, _ = app()
    dance = Dance(client, browser)
    back = dance.returned(dance.begin(**changed))
    assert back["error"] == told
    assert "code" not in back


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.test/back",
        "https://app.test/back/",
        "https://app.test/back?x=1",
        "https://app.test/back#x",
        "https://app.test:444/back",
        "https://app.test/BACK",
        "http://app.test/back",
        'https://app.test/back"æ',
        "javascript:alert(1)",
        None,
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(
    browser: Browser, address: str | None
) -> None:
    client, _ = app()
    for more in ({}, {"response_type": "token"}, {"scope": "nonsense"}):
        answer = Dance(client, browser).begin(redirect_uri=address, **more)
        assert answer.status_code == 400
        assert "Location" not in answer


def test_repeated_parameters_are_refused(browser: Browser) -> None:
    client, _ = app()
    asked = Dance(client, browser).asked()
    answer: Any = browser.get(
        "/oauth/authorize", {**asked, "redirect_uri": [asked["redirect_uri"], "https://evil.test"]}
    )
    assert answer.status_code == 400
    twice = f"grant_type=refresh_token&refresh_token=a&refresh_token=b&client_id={client.client_id}"
    answer = Browser().post("/oauth/token", twice, content_type="application/x-www-form-urlencoded")
    assert error(answer) == "invalid_request"


def test_client_id_that_is_unknown_or_odd_gets_a_page_and_no_redirect(browser: Browser) -> None:
    client, _ = app()
    for odd in ("unknown", "", "æ\N{SNOWMAN}", "a\0b", 'a"b', None):
        answer = Dance(client, browser).begin(client_id=odd)
        assert answer.status_code == 400, odd


def test_pending_request_is_its_persons_and_is_decided_once(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser, scope="user/Patient.rs")
    page = dance.begin()["Location"]
    assert Browser().get(page).status_code == 302  # to sign in
    dance.returned(browser.post(page, {"agree": "1", "allow": "user-1-"}))
    assert browser.post(page, {"agree": "1", "allow": "user-1-"}).status_code == 400
    assert browser.get("/oauth/authorize/invented/consent/").status_code == 400


def test_consent_needs_the_form_of_the_page(browser: Browser) -> None:
    """No other site can agree on somebody's behalf."""
    client, _ = app()
    page = Dance(client, browser, scope="user/Patient.rs").begin()["Location"]
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert strict.post(page, {"agree": "1", "allow": "user-1-"}).status_code == 403
    answer = browser.get(page)
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "form-action 'self' https://app.test;" in answer["Content-Security-Policy"] + ";"


# --- who the client is ---------------------------------------------------------------------------


def test_secret_is_asked_for_and_must_be_right(browser: Browser) -> None:
    client, secret = app(method=clients.SECRET)
    right = Dance(client, browser, secret=secret)
    assert right.exchange(right.code("kari")).status_code == 200
    for wrong in ("wrong", secret + "x", ""):
        dance = Dance(client, browser, secret=wrong)
        answer = dance.exchange(dance.code("kari"))
        assert error(answer) == "invalid_client"
        assert answer.status_code == 401


def test_secret_is_kept_as_a_hash(browser: Browser) -> None:
    _, secret = app(method=clients.SECRET)
    stored = connection().execute("select secret from access.smart_client").fetchall()
    assert all(secret.encode() not in (row[0] or b"") for row in stored)


def keyed(**members: Any) -> clients.Client:
    values: dict[str, Any] = {
        "method": clients.KEY,
        "jwks": public_set(EC_KEY, RSA_KEY),
        "grants": (clients.SERVICE_GRANT,),
        "redirects": (),
        "scope": "system/Patient.rs system/Observation.rs",
        "purpose": "HQUALIMP",
        "purpose_text": "Kvalitetsregister for vekst",
    }
    return app(**{**values, **members})[0]


def service(client: clients.Client, text: str, **values: str) -> Any:
    return Dance(client, Browser()).token(
        grant_type="client_credentials",
        scope=values.pop("scope", "system/Patient.rs"),
        **by_assertion(text),
        **values,
    )


@pytest.mark.parametrize("key", [EC_KEY, RSA_KEY], ids=["ES384", "RS384"])
def test_service_that_signs_gets_a_token_for_its_registered_purpose(
    browser: Browser, key: ECKey | RSAKey
) -> None:
    client = keyed()
    answer = service(client, assertion(client.client_id, key), scope="system/*.cruds")
    told = answer.json()
    assert answer.status_code == 200, answer.content
    assert told["scope"] == "system/Observation.rs system/Patient.rs"
    assert told["expires_in"] <= 300
    assert "refresh_token" not in told
    assert "patient" not in told
    there = api(told["access_token"])
    assert {"kari", "ola"} <= set(there.get("Patient").ids)
    assert there.get("Organization").status == 403


def test_service_without_a_purpose_can_not_be_registered_nor_work(browser: Browser) -> None:
    for missing in ({"purpose": ""}, {"purpose_text": " "}, {"purpose": "MARKETING"}):
        with pytest.raises(clients.BadClient, match="purpose"):
            keyed(**missing)


WRONG_CLAIMS: list[dict[str, Any]] = [
    {"aud": "https://evil.test/oauth/token"},
    {"aud": None},
    {"aud": ["https://evil.test/oauth/token"]},
    {"iss": "somebody-else"},
    {"iss": None},
    {"sub": "somebody-else"},
    {"sub": None},
    {"sub": ["a"]},
    {"exp": timedelta(minutes=-1)},
    {"exp": timedelta(hours=1)},
    {"exp": None},
    {"exp": "soon"},
    {"nbf": timedelta(minutes=10)},
    {"iat": timedelta(minutes=10)},
    {"jti": None},
    {"jti": ""},
    {"jti": 7},
]


def _at(value: Any) -> Any:
    """A distance from now as the moment it means; counted when the test runs, not when
    it is collected: the name of a test must be the same in each process that runs them.
    """
    return int(time.time() + value.total_seconds()) if isinstance(value, timedelta) else value


@pytest.mark.parametrize("claims", WRONG_CLAIMS, ids=str)
def test_assertion_with_a_wrong_claim_is_refused(browser: Browser, claims: dict[str, Any]) -> None:
    client = keyed()
    wrong = {name: _at(value) for name, value in claims.items()}
    assert error(service(client, assertion(client.client_id, **wrong))) == "invalid_client"


def test_assertion_is_taken_once(browser: Browser) -> None:
    client = keyed()
    text = assertion(client.client_id)
    assert service(client, text).status_code == 200
    assert error(service(client, text)) == "invalid_client"


def test_assertion_without_signature_or_with_the_public_key_as_secret_is_refused(
    browser: Browser,
) -> None:
    client = keyed()
    claims = {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": TOKEN,
        "exp": int(time.time()) + 60,
        "jti": "a",
    }
    for header in ({}, {"kid": EC_KEY.kid}, {"typ": "JWT"}):
        assert error(service(client, unsigned(claims, **header))) == "invalid_client"
    # HS256 "signed" with what everybody knows
    for known in (RSA_KEY.as_pem(private=False), client.jwks.encode()):
        forged = hs256(claims, known, kid=str(RSA_KEY.kid))
        assert error(service(client, forged)) == "invalid_client"
    # a key of the attacker, under the kid of the registered one, in the header or not at all
    stranger = ECKey.generate_key("P-384").as_dict(private=True)
    thief = ECKey.import_key({**stranger, "kid": str(EC_KEY.kid)})
    assert error(service(client, assertion(client.client_id, thief))) == "invalid_client"
    carried = jws.serialize_compact(
        {"alg": "ES384", "jwk": thief.as_dict(private=False)}, json.dumps(claims), thief, ["ES384"]
    )
    assert error(service(client, carried)) == "invalid_client"
    pointed = jws.serialize_compact(
        {"alg": "ES384", "jku": "https://evil.test/keys", "kid": EC_KEY.kid},
        json.dumps(claims),
        EC_KEY,
        ["ES384"],
    )
    assert error(service(client, pointed)) == "invalid_client"
    # right in all but the algorithm, which SMART does not allow
    weak = RSAKey.import_key(RSA_KEY.as_dict(private=True))
    other = jws.serialize_compact(
        {"alg": "RS256", "kid": RSA_KEY.kid}, json.dumps(claims), weak, ["RS256"]
    )
    assert error(service(client, other)) == "invalid_client"


@pytest.mark.parametrize(
    "text", ["", "a", "a.b", "a.b.c", "....", "æ.ø.å", "e30.e30.", "e30.W10.x"]
)
def test_assertion_that_is_none_is_refused_quietly(browser: Browser, text: str) -> None:
    assert error(service(keyed(), text)) == "invalid_client"


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic ?",
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Basic " + base64.b64encode(b"a%00b:x").decode(),
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode("æ:ø".encode()).decode(),
        "Digest x",
    ],
)
def test_odd_credentials_are_refused_quietly(browser: Browser, header: str) -> None:
    answer = browser.post(
        "/oauth/token",
        "grant_type=refresh_token&refresh_token=x",
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": header},
    )
    assert error(answer) == "invalid_client"


def test_signed_texts_that_nest_deeply_or_hold_half_characters_are_refused(
    browser: Browser,
) -> None:
    client = keyed()
    head = encoded(b'{"alg":"ES384"}')
    for payload in (b"[" * 5000, b'{"sub":"\\ud800"}', b'{"sub":"a\\u0000"}', b"x" * 9000):
        text = f"{head}.{encoded(payload)}.AAAA"
        assert error(service(client, text)) == "invalid_client"
    public, _ = app()
    dance = Dance(public, browser, scope="user/Patient.rs")
    for text in (f"{head}.{encoded(b'[' * 5000)}.AAAA", "x" * 9000, "a.b", "\xe6.\xf8.\xe5"):
        assert error(dance.exchange(dance.code(), dpop=text)) == "invalid_dpop_proof"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("text/plain", "grant_type=x"),
        ("application/json", "{}"),
        ("multipart/form-data; boundary=x", ""),
    ],
)
def test_token_requests_are_forms(browser: Browser, kind: str, fields: str) -> None:
    assert error(browser.post("/oauth/token", fields, content_type=kind)) == "invalid_request"


def test_token_endpoint_is_posted_to_and_reads_no_address(browser: Browser) -> None:
    assert browser.get("/oauth/token").status_code == 405
    answer = browser.post(
        "/oauth/token?grant_type=refresh_token",
        "refresh_token=x",
        content_type="application/x-www-form-urlencoded",
    )
    assert error(answer) == "invalid_request"
    preflight = browser.options("/oauth/token")
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Origin"] == "*"
    assert "DPoP" in preflight["Access-Control-Allow-Headers"]


def test_two_ways_to_prove_oneself_are_one_too_many(browser: Browser) -> None:
    client = keyed()
    dance = Dance(client, browser, secret="x")
    answer = dance.token(
        grant_type="client_credentials",
        scope="system/Patient.rs",
        **by_assertion(assertion(client.client_id)),
    )
    assert error(answer) == "invalid_request"


def test_app_with_a_key_can_not_leave_it_out(browser: Browser) -> None:
    client, _ = app(method=clients.KEY, jwks=public_set(EC_KEY))
    dance = Dance(client, browser)
    assert error(dance.exchange(dance.code("kari"))) == "invalid_client"
    code = dance.code("kari")
    told = dance.exchange(code, **by_assertion(assertion(client.client_id)))
    assert told.status_code == 200, told.content


def test_app_can_not_act_as_a_service_nor_a_service_as_an_app(browser: Browser) -> None:
    client, _ = app()
    assert error(Dance(client, browser).token(grant_type="client_credentials")) == "invalid_client"
    lone = keyed()
    assert Dance(lone, browser).begin().status_code == 400
    assert error(Dance(lone, browser).token(grant_type="password")) == "unsupported_grant_type"


# --- tokens at the API ---------------------------------------------------------------------------


def test_token_that_is_no_access_token_opens_nothing(browser: Browser) -> None:
    client, secret = app(method=clients.SECRET)
    dance = Dance(client, browser, scope="openid offline_access user/Patient.rs", secret=secret)
    code = dance.code()
    told = dance.exchange(code).json()
    claims = {"iss": ROOT, "sub": "system:developer", "aud": f"{ROOT}/fhir", "scope": "system/*.*"}
    for text in (
        told["refresh_token"],
        told["id_token"],
        code,
        secret,
        told["access_token"][:-1],
        told["access_token"] + "x",
        told["access_token"].upper(),
        unsigned(claims),
        "",
        "fja_",
        "\x00",
        "fja_æøå",
    ):
        answer = api(text).get("Patient")
        assert answer.status == 401, text
        assert "WWW-Authenticate".lower() in answer.headers
        assert b"kari" not in answer.body
    assert api(told["access_token"]).get("Patient").status == 200


def test_developers_token_still_has_system_scope(browser: Browser) -> None:
    assert {"kari", "ola"} <= set(Api(issue_token()).get("Patient").ids)


# --- bound tokens --------------------------------------------------------------------------------


def bound(browser: Browser, **members: Any) -> tuple[Dance, Any]:
    client, _ = app(dpop=True, **members)
    dance = Dance(client, browser, scope="offline_access user/Patient.rs")
    answer = dance.exchange(dance.code(), dpop=proof(OWN, "POST", TOKEN))
    assert answer.status_code == 200, answer.content
    return dance, answer.json()


def call(token: str, text: str | None, scheme: str = "DPoP", method: str = "GET") -> int:
    tokens.forget()
    headers = {"HTTP_AUTHORIZATION": f"{scheme} {token}"}
    if text is not None:
        headers["HTTP_DPOP"] = text
    return Api(None, host=HOST).request(method, "Patient/kari", environ=headers).status


def test_bound_token_works_for_the_holder_of_the_key_only(browser: Browser) -> None:
    _, told = bound(browser)
    token = told["access_token"]
    assert told["token_type"] == "DPoP"
    good = proof(OWN, "GET", READ, token=token)
    assert call(token, good) == 200
    assert call(token, good) == 401, "a proof is taken once"

    thief = ECKey.generate_key("P-256")
    now = int(time.time())
    for wrong in (
        None,
        "",
        "a.b.c",
        proof(thief, "GET", READ, token=token),
        proof(OWN, "POST", READ, token=token),
        proof(OWN, "GET", f"{ROOT}/fhir/Patient/ola", token=token),
        proof(OWN, "GET", "https://evil.test/fhir/Patient/kari", token=token),
        proof(OWN, "GET", READ),
        proof(OWN, "GET", READ, token="another"),
        proof(OWN, "GET", READ, token=token, iat=now - 120),
        proof(OWN, "GET", READ, token=token, iat=now + 120),
        proof(OWN, "GET", READ, token=token, iat=None),
        proof(OWN, "GET", READ, token=token, jti=None),
        unsigned(
            {"htm": "GET", "htu": READ, "iat": now, "jti": "x"},
            typ="dpop+jwt",
            jwk=OWN.as_dict(private=False),
        ),
    ):
        assert call(token, wrong) == 401, wrong
    assert call(token, proof(OWN, "GET", READ, token=token), scheme="Bearer") == 401
    assert call(token, proof(OWN, "GET", READ + "?_summary=true", token=token)) == 200


def test_bearer_token_does_not_become_a_bound_one(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser, scope="user/Patient.rs")
    token = dance.exchange(dance.code()).json()["access_token"]
    assert call(token, proof(OWN, "GET", READ, token=token)) == 401
    assert call(token, None, scheme="Bearer") == 200


def test_client_registered_for_bound_tokens_gets_no_other(browser: Browser) -> None:
    client, _ = app(dpop=True)
    dance = Dance(client, browser, scope="user/Patient.rs")
    assert error(dance.exchange(dance.code())) == "invalid_dpop_proof"
    replayed = proof(OWN, "POST", TOKEN)
    assert dance.exchange(dance.code(), dpop=replayed).status_code == 200
    assert error(dance.exchange(dance.code(), dpop=replayed)) == "invalid_dpop_proof"


def test_refresh_token_of_a_public_client_is_bound_to_its_key(browser: Browser) -> None:
    dance, told = bound(browser)
    thief = ECKey.generate_key("P-256")
    stolen = dance.refresh(told["refresh_token"], dpop=proof(thief, "POST", TOKEN))
    assert error(stolen) == "invalid_grant"
    own = dance.refresh(told["refresh_token"], dpop=proof(OWN, "POST", TOKEN))
    assert own.status_code == 200


def test_code_can_be_bound_to_the_key_from_the_start(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser, scope="user/Patient.rs")
    code = dance.code(dpop_jkt=OWN.thumbprint())
    thief = ECKey.generate_key("P-256")
    assert error(dance.exchange(code, dpop=proof(thief, "POST", TOKEN))) == "invalid_grant"
    code = dance.code(dpop_jkt=OWN.thumbprint())
    assert dance.exchange(code, dpop=proof(OWN, "POST", TOKEN)).status_code == 200
