"""The columns of reports of problems."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates `leadership.ticket`, which follows the documents; see sql/tickets.sql."""

    initial = True
    dependencies = [("leadership_documents", "0001_documents")]
    operations = [
        migrations.RunSQL(
            (SQL / "tickets.sql").read_text(),
            "drop trigger ticket_follows on leadership.document;"
            " drop function leadership.follow_ticket(); drop table leadership.ticket",
        ),
    ]
