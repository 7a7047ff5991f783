"""The ledger of what came in by the mailbox."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates outbox.taken_in; see sql/taken_in.sql."""

    dependencies = [("outbox", "0001_outbox")]
    operations = [
        migrations.RunSQL((SQL / "taken_in.sql").read_text(), "drop table outbox.taken_in"),
    ]
