"""INV-49: whoever asks, one connection is enough."""

from __future__ import annotations

import threading

import pytest
from django.db import connection as django_connection

from fellesjournal.access.records import history, read, search
from fellesjournal.access.sessions import system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.foundation.database.connection import connection

SESSION = system_session("system:test", purpose="HSYSADMIN")
COUNT = (
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and usename is not null"
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_reading_searching_and_writing_take_one_connection_together() -> None:
    before = connection().execute(COUNT).fetchone()
    after = []

    def work() -> None:
        body = bodies.parse(b'{"resourceType":"Patient","id":"a"}')
        write(SESSION, [Operation("update", "Patient", id="a", body=body)])
        write(SESSION, [Operation("delete", "Patient", criteria="_id=never")])
        read(SESSION, "Patient", "a")
        search(SESSION, "Patient", [("name", "x")])
        history(SESSION, type_name="Patient")
        after.append(connection().execute(COUNT).fetchone())
        django_connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert before is not None
    assert after == [(before[0] + 1,)]
