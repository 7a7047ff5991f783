"""What was sent, arrived and came, night by night, and the alerts about it."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates access.counted_day, access.volume, access.volume_alert; see sql/volumes.sql."""

    dependencies = [("access", "0008_broken_glass")]
    operations = [
        migrations.RunSQL(
            (SQL / "volumes.sql").read_text(),
            "drop table access.volume_alert, access.volume, access.counted_day",
        ),
    ]
