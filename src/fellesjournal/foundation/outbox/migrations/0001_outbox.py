"""The schema of the outbox."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates the schema `outbox`; see sql/outbox.sql."""

    initial = True
    operations = [
        migrations.RunSQL((SQL / "outbox.sql").read_text(), "drop schema outbox cascade"),
    ]
