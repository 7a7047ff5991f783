"""Tokens end when they must: codes, refresh, revocation, introspection, keys, id tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from joserfc import jwt
from joserfc.jwk import KeySet

from fellesjournal.access.smart import clients, codes, keys, tokens
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from tests.signing_in import GP
from tests.surfaces.oauth.flow import ROOT, Dance, api, app

OFFLINE = "openid fhirUser offline_access launch/patient patient/*.rs"


def dance(browser: Browser, scope: str = OFFLINE, **members: Any) -> Dance:
    client, secret = app(**members)
    return Dance(client, browser, scope=scope, secret=secret)


def error(answer: Any) -> str:
    assert answer.status_code in {400, 401}, answer.content
    return str(answer.json()["error"])


def reads(token: str) -> bool:
    tokens.forget()
    return api(token).get("Patient/kari").status == 200


def test_code_works_once_and_a_second_use_ends_what_the_first_was_given(browser: Browser) -> None:
    one = dance(browser)
    code = one.code("kari")
    told = one.exchange(code).json()
    assert reads(told["access_token"])

    assert error(one.exchange(code)) == "invalid_grant"
    assert not reads(told["access_token"])
    assert error(one.refresh(told["refresh_token"])) == "invalid_grant"


def test_code_is_over_after_a_minute(browser: Browser) -> None:
    one = dance(browser)
    code = one.code("kari")
    with clock.at(datetime.now(UTC) + codes.LIFETIME + timedelta(seconds=1)):
        assert error(one.exchange(code)) == "invalid_grant"


def test_code_for_another_client_is_refused_and_lost(browser: Browser) -> None:
    one, other = dance(browser), dance(browser)
    code = one.code("kari")

    assert error(other.exchange(code, code_verifier=one.verifier)) == "invalid_grant"
    assert error(one.exchange(code)) == "invalid_grant"


def test_stolen_code_is_worth_nothing_without_its_verifier(browser: Browser) -> None:
    one = dance(browser)
    assert error(one.exchange(one.code("kari"), code_verifier="x" * 43)) == "invalid_grant"
    assert error(one.exchange(one.code("kari"), code_verifier=None)) == "invalid_request"


def test_code_is_bound_to_its_redirect(browser: Browser) -> None:
    one = dance(browser, redirects=("https://app.test/back", "https://app.test/other"))
    code = one.code("kari")
    assert error(one.exchange(code, redirect_uri="https://app.test/other")) == "invalid_grant"


def test_refresh_gives_new_tokens_and_the_old_one_betrays_a_thief(browser: Browser) -> None:
    one = dance(browser)
    first = one.exchange(one.code("kari")).json()
    second = one.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["scope"] == first["scope"]
    assert second["patient"] == "kari"
    assert reads(second["access_token"])

    assert error(one.refresh(first["refresh_token"])) == "invalid_grant"
    assert not reads(second["access_token"])
    assert error(one.refresh(second["refresh_token"])) == "invalid_grant"


def test_refresh_of_another_client_is_refused_and_ends_it(browser: Browser) -> None:
    one, other = dance(browser), dance(browser)
    told = one.exchange(one.code("kari")).json()
    assert error(other.refresh(told["refresh_token"])) == "invalid_grant"
    assert not reads(told["access_token"])


def test_refresh_may_ask_for_less_and_never_for_more(browser: Browser) -> None:
    one = dance(browser)
    told = one.exchange(one.code("kari")).json()
    for more in ("patient/*.cruds", "user/*.rs", "patient/*.rs online_access", "nonsense"):
        assert error(one.refresh(told["refresh_token"], scope=more)) == "invalid_scope", more

    less = one.refresh(told["refresh_token"], scope="patient/Patient.r").json()
    assert less["scope"] == "patient/Patient.r"
    there = api(less["access_token"])
    assert there.get("Patient/kari").status == 200
    assert there.get("Observation").status == 403
    whole = one.refresh(less["refresh_token"]).json()
    assert whole["scope"] == told["scope"]


def test_refresh_follows_a_registration_that_became_less(browser: Browser) -> None:
    one = dance(browser)
    told = one.exchange(one.code("kari")).json()
    connection().execute(
        "update access.smart_client set scope = 'patient/Patient.rs' where client_id = %s",
        [one.client.client_id],
    )
    assert one.refresh(told["refresh_token"]).json()["scope"] == "patient/Patient.rs"


def test_without_offline_or_online_access_there_is_no_refresh_token(browser: Browser) -> None:
    one = dance(browser, "launch/patient patient/*.rs")
    assert "refresh_token" not in one.exchange(one.code("kari")).json()


def test_online_access_ends_when_the_person_signs_out(browser: Browser) -> None:
    one = dance(browser, "online_access launch/patient patient/*.rs")
    told = one.exchange(one.code("kari")).json()
    assert reads(told["access_token"])
    browser.post("/sign-out/")
    assert error(one.refresh(told["refresh_token"])) == "invalid_grant"


def test_offline_access_outlives_the_session_and_ends_after_ninety_days(browser: Browser) -> None:
    one = dance(browser)
    told = one.exchange(one.code("kari")).json()
    browser.post("/sign-out/")
    told = one.refresh(told["refresh_token"]).json()
    with clock.at(datetime.now(UTC) + timedelta(days=91)):
        assert error(one.refresh(told["refresh_token"])) == "invalid_grant"


def test_access_token_ends_within_the_hour(browser: Browser) -> None:
    one = dance(browser)
    token = one.exchange(one.code("kari")).json()["access_token"]
    assert timedelta(minutes=5) <= tokens.ACCESS_LIFETIME <= timedelta(minutes=60)
    with clock.at(datetime.now(UTC) + tokens.ACCESS_LIFETIME + timedelta(seconds=1)):
        assert api(token).get("Patient/kari").status == 401


def test_client_revokes_its_own_tokens_and_nobody_elses(browser: Browser) -> None:
    one, other = dance(browser), dance(browser)
    told = one.exchange(one.code("kari")).json()
    assert error(other.post("/oauth/revoke", token=told["access_token"])) == "invalid_grant"
    assert reads(told["access_token"])

    assert one.post("/oauth/revoke", token=told["access_token"]).status_code == 200
    assert not reads(told["access_token"])
    again = one.refresh(told["refresh_token"]).json()
    assert one.post("/oauth/revoke", token=again["refresh_token"]).status_code == 200
    assert not reads(again["access_token"])
    assert one.post("/oauth/revoke", token="unknown").status_code == 200


ASKED = [
    "Patient/kari", "Patient/nobody", "Patient/not_an_id", "Patient/kari/_history/1",
    "Patient/kari/_history/x", "Patient/kari?_summary=nonsense", "Patient?nonsense=1", "Nothing/1",
    "Observation?patient=kari", "Observation?patient=none", "AuditEvent?patient=kari",
    "Measure/nobody", "AuditEvent/nobody", "Patient/%zz", "metadata/x", "$nothing",
]  # fmt: skip


@pytest.mark.parametrize("address", ASKED)
def test_who_has_been_let_out_learns_that_and_nothing_else(browser: Browser, address: str) -> None:
    """A process that knows the token from a moment ago enters only with what it reads."""
    one = dance(browser)
    token = one.exchange(one.code("kari")).json()["access_token"]
    assert reads(token)
    one.post("/oauth/revoke", token=token)
    answer = api(token).get(address)
    assert answer.status == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_introspection_tells_a_client_about_its_own_and_a_resource_server_about_all(
    browser: Browser,
) -> None:
    one = dance(browser, method=clients.SECRET)
    told = one.exchange(one.code("kari")).json()
    answer = one.post("/oauth/introspect", token=told["access_token"]).json()
    assert answer["active"] is True
    assert answer["scope"] == told["scope"]
    assert answer["patient"] == "kari"
    assert answer["client_id"] == one.client.client_id
    assert answer["sub"] == f"Practitioner/{GP.id}"
    assert answer["fhirUser"] == f"{ROOT}/fhir/Practitioner/{GP.id}"

    stranger = dance(browser, method=clients.SECRET)
    assert stranger.post("/oauth/introspect", token=told["access_token"]).json() == {
        "active": False
    }
    server = dance(browser, method=clients.SECRET, introspects=True)
    assert server.post("/oauth/introspect", token=told["access_token"]).json()["active"] is True
    public = dance(browser)
    assert error(public.post("/oauth/introspect", token=told["access_token"])) == "invalid_client"
    one.post("/oauth/revoke", token=told["access_token"])
    assert one.post("/oauth/introspect", token=told["access_token"]).json() == {"active": False}


def test_disabled_client_has_nothing_any_more_and_gets_nothing_back(browser: Browser) -> None:
    one = dance(browser)
    told = one.exchange(one.code("kari")).json()
    clients.disable(one.client.client_id)
    assert not reads(told["access_token"])
    assert error(one.refresh(told["refresh_token"])) == "invalid_client"
    clients.enable(one.client.client_id)
    assert not reads(told["access_token"])


def test_id_token_is_signed_by_a_published_key_and_says_who_for_whom(browser: Browser) -> None:
    one = dance(browser, "openid fhirUser profile launch/patient patient/*.rs")
    told = one.exchange(one.code("kari", nonce="n-1")).json()
    published = KeySet.import_key_set(browser.get("/oauth/jwks").json())
    token = jwt.decode(told["id_token"], published, ["RS256"])

    assert token.claims["iss"] == ROOT
    assert token.claims["aud"] == one.client.client_id
    assert token.claims["sub"] == f"Practitioner/{GP.id}"
    assert token.claims["fhirUser"] == f"{ROOT}/fhir/Practitioner/{GP.id}"
    assert token.claims["nonce"] == "n-1"
    assert token.claims["name"] == GP.name
    assert token.claims["exp"] > token.claims["iat"]
    # INV-40: never a person number
    assert GP.number not in str(token.claims)


@pytest.mark.usefixtures("fresh")
def test_keys_change_by_themselves_and_the_old_one_stays_until_its_tokens_ended() -> None:
    first = keys.sign({"a": 1})
    (one,) = keys.public_set()["keys"]
    assert "d" not in one
    begun = datetime.now(UTC)

    with clock.at(begun + keys.SIGNS_FOR - timedelta(days=1)):
        keys.forget()
        published = [key["kid"] for key in keys.public_set()["keys"]]
        assert published[0] == one["kid"]
        assert len(published) == 2  # the next one can be fetched before it signs
        assert (
            jwt.decode(keys.sign({}), keys.verifying_set(), ["RS256"]).header["kid"] == one["kid"]
        )
    with clock.at(begun + keys.SIGNS_FOR + timedelta(hours=1)):
        keys.forget()
        token = jwt.decode(keys.sign({}), keys.verifying_set(), ["RS256"])
        assert token.header["kid"] == published[1]
        assert jwt.decode(first, keys.verifying_set(), ["RS256"]).claims == {"a": 1}
    with clock.at(begun + keys.SIGNS_FOR + keys.PUBLISHED_AFTER + timedelta(hours=1)):
        keys.forget()
        assert one["kid"] not in [key["kid"] for key in keys.public_set()["keys"]]


@pytest.mark.usefixtures("fresh")
def test_private_keys_are_unreadable_in_the_database_and_an_operator_can_change_them() -> None:
    keys.sign({})
    rows = connection().execute("select private from access.smart_key").fetchall()
    assert all(b'"d"' not in row[0] for row in rows)
    (before,) = keys.public_set()["keys"]
    fresh = keys.rotate()
    assert {key["kid"] for key in keys.public_set()["keys"]} == {before["kid"], fresh}
    assert jwt.decode(keys.sign({}), keys.verifying_set(), ["RS256"]).header["kid"] == fresh
