"""OAuth 2 and SMART App Launch."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"
TABLES = (
    "key",
    "launch",
    "proof",
    "once",
    "token",
    "code",
    "authorization",
    "registration",
    "client",
)


class Migration(migrations.Migration):
    """Creates the tables access.smart_*; see sql/smart.sql."""

    initial = True
    dependencies = [("access", "0001_log")]
    operations = [
        migrations.RunSQL(
            (SQL / "smart.sql").read_text(),
            "".join(f"drop table access.smart_{name};" for name in TABLES),
        ),
    ]
