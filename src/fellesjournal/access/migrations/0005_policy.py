"""What access is decided by, and the second wall."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates grounds, blocks and openings, and what reads them; see sql/policy.sql."""

    dependencies = [("access", "0004_log")]
    operations = [
        migrations.RunSQL((SQL / name).read_text(), migrations.RunSQL.noop)
        for name in ("policy.sql", "functions.sql", "wall.sql")
    ]
