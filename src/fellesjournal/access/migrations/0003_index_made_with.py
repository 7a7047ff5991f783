"""What the search index of a new record is made with."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def _note(_apps: Any, editor: Any) -> None:
    from fellesjournal.access.index import note_new_record  # noqa: PLC0415 - only when it runs

    editor.connection.ensure_connection()
    note_new_record(editor.connection.connection)


class Migration(migrations.Migration):
    """An empty record is noted as indexed by this program; an older one is rebuilt once."""

    dependencies = [("access", "0002_tokens"), ("store", "0001_record")]
    operations = [migrations.RunPython(_note, migrations.RunPython.noop)]
