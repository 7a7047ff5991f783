"""The schema of flat tables."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates the schema `figures`; see sql/figures.sql."""

    initial = True
    # whose role is granted what
    dependencies = [("access", "0008_broken_glass")]
    operations = [
        migrations.RunSQL((SQL / "figures.sql").read_text(), "drop schema figures cascade"),
    ]
