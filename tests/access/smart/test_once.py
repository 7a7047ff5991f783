"""What may be used once is kept as long as it could be used again, and no longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fellesjournal.access.smart import clients, codes, once, tokens
from fellesjournal.access.smart.authorizations import Agreed, EndUser, authorize
from fellesjournal.access.smart.scopes import parse
from fellesjournal.access.smart.secret_values import moment
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from tests.surfaces.oauth.flow import app

pytestmark = pytest.mark.django_db
USER = EndUser(kind="staff", person="Practitioner/a", name="A", role="doctor")


@pytest.mark.parametrize("kind", ["assertion", "proof"])
def test_identity_is_new_once(kind: str) -> None:
    ends = moment(timedelta(minutes=1))
    assert once.first_time(kind, "a", ends=ends)
    assert not once.first_time(kind, "a", ends=ends)
    assert once.first_time(kind, "b", ends=ends)


def test_what_ended_is_forgotten_and_what_could_betray_a_thief_is_kept() -> None:
    client, _ = app()
    agreed = authorize(client, USER, Agreed(parse("offline_access user/Patient.rs")))
    code = codes.issue(agreed, redirect="https://app.test/back", challenge="x" * 43)
    issued = tokens.issue(agreed, scope="user/Patient.rs", with_refresh=True)
    once.first_time("assertion", "a", ends=moment(timedelta(minutes=1)))
    assert codes.take(code, client.client_id) is not None

    with clock.at(datetime.now(UTC) + timedelta(days=2)):
        once.forget_ended()
        assert once.first_time("assertion", "a", ends=moment(timedelta(minutes=1)))
        assert tokens.find(issued.access) is None
        assert tokens.find(issued.refresh) is not None
        assert codes.take(code, client.client_id) is None
        assert tokens.find(issued.refresh) is None, "a used code shown again ends all"
    with clock.at(datetime.now(UTC) + timedelta(days=100)):
        once.forget_ended()
        left = connection().execute("select count(*) from access.smart_token").fetchone()
        assert left == (0,)
        # what was agreed to stays, so that it can be told later
        kept = connection().execute("select count(*) from access.smart_authorization").fetchone()
        assert kept == (1,)


def test_two_processes_take_a_code_once() -> None:
    """One statement decides, so no two can both be first."""
    client, _ = app()
    agreed = authorize(client, USER, Agreed(parse("user/Patient.rs")))
    code = codes.issue(agreed, redirect="https://app.test/back", challenge="x" * 43)
    taken = [codes.take(code, client.client_id) is not None for _ in range(3)]
    assert taken == [True, False, False]
    assert clients.client_of(client.client_id) is not None
