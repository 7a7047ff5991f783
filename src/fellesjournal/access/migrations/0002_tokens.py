"""Bearer tokens of clients."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates access.token; see sql/tokens.sql."""

    dependencies = [("access", "0001_log")]
    operations = [
        migrations.RunSQL((SQL / "tokens.sql").read_text(), "drop table access.token"),
    ]
