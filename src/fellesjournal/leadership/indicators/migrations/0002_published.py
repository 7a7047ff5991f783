"""What was shown of figures, so that the next look tells nothing of a few."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).parent.parent / "sql" / "published.sql"


class Migration(migrations.Migration):
    """One table."""

    dependencies = [("leadership_indicators", "0001_figures")]
    operations = [
        migrations.RunSQL(
            _SQL.read_text(encoding="utf-8"), reverse_sql="drop table figures.published"
        )
    ]
