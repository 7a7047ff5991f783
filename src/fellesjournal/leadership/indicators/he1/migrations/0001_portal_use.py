"""The tables that use of HelsaMi is counted in."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates the tables of sql/portal.sql in schema `figures`."""

    initial = True
    dependencies = [("leadership_indicators", "0001_figures"), ("identity", "0002_counting")]
    operations = [
        migrations.RunSQL(
            (SQL / "portal.sql").read_text(),
            "drop table figures.portal_user, figures.portal_active, figures.portal_represented,"
            " figures.portal_counted",
        ),
    ]
