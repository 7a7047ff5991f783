"""The read log: narrow lines, chained, by month."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates access.log and what belongs to it; see sql/log.sql."""

    dependencies = [("access", "0003_index_made_with")]
    operations = [migrations.RunSQL((SQL / "log.sql").read_text())]
