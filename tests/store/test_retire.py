"""Closed index rows go when no page can need them, and only those."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fellesjournal.foundation.database.connection import connection
from fellesjournal.store.check import check
from fellesjournal.store.facts import hasher
from fellesjournal.store.retire import retire
from fellesjournal.store.visibility import EVERYTHING
from tests.store.writing import delete, put, rows, written


@pytest.mark.django_db
def test_only_rows_closed_long_enough_ago_are_removed() -> None:
    written(put("Patient", "a", name=[{"family": "One"}], birthDate="1970-01-01"))
    written(put("Patient", "a", name=[{"family": "Two"}], birthDate="1971-01-01"))
    written(put("Patient", "b", name=[{"family": "Three"}]))
    written(delete("Patient", "b"))

    assert retire(connection(), age=timedelta(hours=1)) == (0, False)
    assert retire(connection(), age=timedelta(0)) == (2, False)
    assert retire(connection(), age=timedelta(0)) == (0, False)

    assert rows("select version from store.entry") == [(2,)]
    assert rows(
        "select count(*) from store.entry_string s where not exists (select from store.entry e where e.seq = s.seq)"
    ) == [(0,)]
    database = connection()
    assert [
        found
        for found in check(database, hasher(database), EVERYTHING)
        if not isinstance(found, int)
    ] == []
