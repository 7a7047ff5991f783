"""Grounds given on broken glass end for who gave them when the opening ends."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Adds who gave a ground in an emergency, and until when; see sql/broken_glass.sql."""

    dependencies = [("access", "0007_openings")]
    operations = [
        migrations.RunSQL((SQL / "broken_glass.sql").read_text(), migrations.RunSQL.noop),
    ]
