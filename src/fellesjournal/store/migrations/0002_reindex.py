"""What a rebuild of the search index does to heads and versions."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates store.reindex_lock and store.reindex_patients; see sql/reindex.sql."""

    dependencies = [("store", "0001_record")]
    operations = [
        migrations.RunSQL(
            (SQL / "reindex.sql").read_text(),
            "drop function store.reindex_lock(bigint[]);"
            " drop function store.reindex_patients(bigint[])",
        )
    ]
