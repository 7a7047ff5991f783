"""The door's own schema."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates the schema `access`; see sql/once.sql."""

    initial = True
    dependencies = [("store", "0001_record")]
    operations = [
        migrations.RunSQL((SQL / "once.sql").read_text(), "drop schema access cascade"),
    ]
