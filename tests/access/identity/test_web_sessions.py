"""Rows of sessions, and what is kept of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fellesjournal.access.housekeeping import keep_house
from fellesjournal.access.identity import failures, held, web_sessions
from fellesjournal.access.identity.claims import Identity
from fellesjournal.access.identity.people import KnownPerson
from fellesjournal.access.identity.providers import ProviderName
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection

pytestmark = pytest.mark.django_db

IDENTITY = Identity(
    provider=ProviderName.IDPORTEN, subject="s", sid="x", pid="", hpr="",
    security_level="4", authenticated_at=datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip
ASLAUG = KnownPerson("Patient/a", "Aslaug")


def _count(table: str) -> int:
    row = connection().execute(f"select count(*) from access.{table}").fetchone()
    assert row is not None
    return int(row[0])


def test_kind_follows_from_who_it_is() -> None:
    hour = timedelta(hours=1)
    names = [
        web_sessions.begin(IDENTITY, KnownPerson(reference, "X"), device="", lifetime=hour)
        for reference in ("Patient/a", "Practitioner/b")
    ]
    found = [web_sessions.current(name, idle=hour) for name in names]
    assert [session.kind for session in found if session] == ["citizen", "staff"]


def test_what_nobody_can_use_any_more_goes_and_the_account_of_sign_ins_stays_a_year() -> None:
    for table in ("web_session", "held", "sign_in_failure"):  # what other tests left behind
        connection().execute(f"delete from access.{table}")
    web_sessions.begin(IDENTITY, ASLAUG, device="", lifetime=timedelta(hours=1))
    held.hold("code", {}, seconds=60)
    failures.note("192.0.2.1", "state", key="k")
    counts = {}
    for days in (0, 1, 100, 400):
        with clock.at(datetime.now(UTC) + timedelta(days=days)):
            keep_house()
        counts[days] = [_count(t) for t in ("web_session", "held", "sign_in_failure")]
    assert counts == {0: [1, 1, 1], 1: [1, 0, 1], 100: [1, 0, 0], 400: [0, 0, 0]}


def test_address_of_a_failure_can_not_be_read_back() -> None:
    failures.note("192.0.2.1", "state", key="k")
    row = connection().execute("select address from access.sign_in_failure").fetchone()
    assert row is not None
    assert len(row[0]) == 32
    assert b"192" not in bytes(row[0])
