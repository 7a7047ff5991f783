"""Sessions on the web and what signing in must remember."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates the tables of sql/identity.sql in schema `access`."""

    initial = True
    dependencies = [("access", "0001_log")]
    operations = [
        migrations.RunSQL(
            (SQL / "identity.sql").read_text(),
            "drop table access.web_session, access.held, access.sign_in_failure,"
            " access.terms_accepted",
        ),
    ]
