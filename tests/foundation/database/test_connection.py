"""The connection of a thread."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection as django_connection

from fellesjournal.foundation.database.connection import connection, transaction
from tests.owner import as_owner


@pytest.mark.django_db
def test_raw_sql_and_the_orm_share_one_connection() -> None:
    with transaction():
        connection().execute("create temporary table seen (n int)")
        with django_connection.cursor() as cursor:
            cursor.execute("select count(*) from seen")
            assert cursor.fetchone() == (0,)
    assert connection() is django_connection.connection


@pytest.mark.django_db
def test_statement_is_prepared_after_its_second_use() -> None:
    for _ in range(4):
        connection().execute("select %s::int + 41", [1])
    prepared = connection().execute(
        "select count(*) from pg_prepared_statements where statement like '%%+ 41'"
    )
    assert prepared.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_connection_killed_by_the_server_is_replaced_before_its_next_use() -> None:
    first = connection()
    row = first.execute("select pg_backend_pid()").fetchone()
    assert row is not None
    other_database = psycopg.conninfo.make_conninfo(first.info.dsn, dbname="postgres")
    with psycopg.connect(other_database, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", row)
    second = connection()
    assert second is not first
    assert second.execute("select 1").fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_transaction_leaves_nothing_behind_when_it_fails() -> None:
    connection().execute("create temporary table rolled_back (n int)")
    try:
        with pytest.raises(psycopg.errors.DivisionByZero), transaction():
            connection().execute("insert into rolled_back values (1), (1 / 0)")
        count = connection().execute("select count(*) from rolled_back").fetchone()
        assert count == (0,)
    finally:
        connection().execute("drop table rolled_back")


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["pg_trgm", "btree_gin", "unaccent"])
def test_extension_the_store_relies_on_is_in_the_embedded_server(extension: str) -> None:
    with as_owner() as owner, transaction():
        owner.execute(f"create extension if not exists {extension}")
