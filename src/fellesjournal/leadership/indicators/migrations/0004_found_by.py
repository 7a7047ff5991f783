"""What the rows of tables are found by; tables that stand are made anew with it."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).parent.parent / "sql" / "found_by.sql"


class Migration(migrations.Migration):
    """One function."""

    dependencies = [("leadership_indicators", "0003_touched")]
    operations = [
        migrations.RunSQL(
            _SQL.read_text(encoding="utf-8"),
            reverse_sql="drop function figures.find_by(integer, text[], text[])",
        )
    ]
