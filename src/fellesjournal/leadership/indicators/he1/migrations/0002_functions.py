"""The tables that use of each function is counted in."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates the tables of sql/portal_functions.sql in schema `figures`."""

    dependencies = [("leadership_he1", "0001_portal_use")]
    operations = [
        migrations.RunSQL(
            (SQL / "portal_functions.sql").read_text(),
            "drop table figures.portal_function, figures.portal_function_counted",
        ),
    ]
