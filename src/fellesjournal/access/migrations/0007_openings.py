"""Openings that can't be without reason, end, review and line."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Replaces access.open_up and holds access.opening to its rules; see sql/openings.sql."""

    dependencies = [("access", "0006_merge")]
    operations = [
        migrations.RunSQL((SQL / "openings.sql").read_text(), migrations.RunSQL.noop),
    ]
