"""Merges of records."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates access.merge and access.merge_moved; see sql/merge.sql."""

    dependencies = [("access", "0005_policy")]
    operations = [
        migrations.RunSQL(
            (SQL / "merge.sql").read_text(),
            "drop table access.merge_moved; drop table access.merge;",
        ),
    ]
