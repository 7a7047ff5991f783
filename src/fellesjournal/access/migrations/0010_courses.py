"""Courses that a role needs, who has passed them, and leave to work without them."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Creates access.course_rule, course_needed, course_passed, course_waiver; see sql/courses.sql."""

    dependencies = [("access", "0009_volumes")]
    operations = [
        migrations.RunSQL(
            (SQL / "courses.sql").read_text(),
            "drop table access.course_waiver, access.course_passed, access.course_needed,"
            " access.course_rule",
        ),
    ]
