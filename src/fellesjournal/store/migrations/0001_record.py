"""The record: heads, versions, the search index, and the one function that writes them."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates the schema `store`; see sql/tables.sql and sql/commit.sql."""

    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL((SQL / "tables.sql").read_text(), "drop schema store cascade"),
        migrations.RunSQL((SQL / "commit.sql").read_text(), migrations.RunSQL.noop),
    ]
