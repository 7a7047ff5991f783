"""What may be used once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fellesjournal.access.identity import held
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection

pytestmark = pytest.mark.django_db


def test_code_serves_once() -> None:
    name = held.hold("code", {"for": "x"}, seconds=60)
    assert held.look("code", name) == {"for": "x"}
    assert held.take("code", name) == {"for": "x"}
    assert held.take("code", name) is None
    assert held.look("code", name) is None


def test_code_of_one_kind_is_none_of_another() -> None:
    name = held.hold("code", {}, seconds=60)
    assert held.take("token", name) is None


def test_code_expires() -> None:
    name = held.hold("code", {}, seconds=60)
    with clock.at(clock.now() + timedelta(seconds=60)):
        assert held.look("code", name) is None
        assert held.take("code", name) is None


def test_identifier_of_a_proof_is_new_once_until_it_is_forgotten() -> None:
    assert held.first_use("proof", "jti", seconds=60)
    assert not held.first_use("proof", "jti", seconds=60)
    assert held.first_use("proof", "another", seconds=60)
    with clock.at(clock.now() + timedelta(seconds=61)):
        assert held.first_use("proof", "jti", seconds=60)


def test_nobody_who_reads_the_table_can_use_a_code() -> None:
    name = held.hold("code", {}, seconds=60)
    row = connection().execute("select key, content from access.held").fetchone()
    assert row is not None
    assert name not in str(row)


def test_what_has_expired_is_removed() -> None:
    held.hold("code", {}, seconds=60)
    held.hold("code", {}, seconds=600)
    with clock.at(clock.now() + timedelta(seconds=61)):
        assert held.forget_expired() == 1
