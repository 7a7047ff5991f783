"""What was begun since a moment is found without reading all that ever was."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Indexes by time on sessions of citizens and on accepted terms."""

    dependencies = [("identity", "0001_identity")]
    operations = [
        migrations.RunSQL(
            "create index web_session_of_citizens on access.web_session (started)"
            " where kind = 'citizen';"
            "create index terms_accepted_at on access.terms_accepted (at)",
            "drop index access.web_session_of_citizens, access.terms_accepted_at",
        ),
    ]
