"""Which months of a table have changed, so that its files are written anew for those alone."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).parent.parent / "sql" / "touched.sql"


class Migration(migrations.Migration):
    """One table."""

    dependencies = [("leadership_indicators", "0002_published")]
    operations = [
        migrations.RunSQL(
            _SQL.read_text(encoding="utf-8"), reverse_sql="drop table figures.touched"
        )
    ]
