"""Dates as each language writes them: nobody may read the month for the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from django.forms import DateField
from django.template import Context, Template
from django.utils import formats
from django.utils.translation import override

from fellesjournal.foundation.clock import NORWAY
from fellesjournal.foundation.ui.templatetags import ui

AT = datetime(2026, 11, 2, 15, 4, tzinfo=NORWAY)
SOURCE = Path(ui.__file__).parents[3]


@pytest.mark.parametrize(
    ("language", "form", "expected"),
    [
        ("en", "SHORT_DATE_FORMAT", "2 Nov 2026"),
        ("en", "SHORT_DATETIME_FORMAT", "2 Nov 2026 15:04"),
        ("en", "DATE_FORMAT", "2 November 2026"),
        ("en", "TIME_FORMAT", "15:04"),
        ("nb", "SHORT_DATE_FORMAT", "02.11.2026"),
        ("nn", "SHORT_DATE_FORMAT", "02.11.2026"),
    ],
)
def test_english_is_british_and_norwegian_stays(language: str, form: str, expected: str) -> None:
    with override(language):
        assert formats.date_format(AT, form) == expected


@pytest.mark.parametrize(
    ("form", "english", "norwegian"),
    [
        ("l j. F", "Monday 2 November", "mandag 2. november"),
        ("j. F Y", "2 November 2026", "2. november 2026"),
        ("d.m.Y H:i", "2 Nov 2026 15:04", "02.11.2026 15:04"),
        ("j.n. H:i", "2 Nov 15:04", "2.11. 15:04"),
    ],
)
def test_a_date_in_words_has_an_english_form(form: str, english: str, norwegian: str) -> None:
    page = Template('{% load ui %}{{ at|written:"' + form + '" }}')
    for language, expected in (("en", english), ("nb", norwegian)):
        with override(language):
            assert page.render(Context({"at": AT})) == expected


def test_no_date_is_nothing() -> None:
    assert ui.written(None, "l j. F") == ""


def test_a_day_typed_in_english_has_the_day_first() -> None:
    with override("en"):
        assert DateField(localize=True).clean("2/11/2026") == date(2026, 11, 2)
        assert DateField(localize=True).clean("2026-11-02") == date(2026, 11, 2)


def _norwegian_forms() -> Iterator[str]:
    """Where a template writes a date with a form of its own that has a point in it."""
    for template in SOURCE.rglob("templates/**/*.html"):
        for form in re.findall(r"""\|date:["']([^"']+)["']""", template.read_text()):
            if "." in form and form != "Y-m-d":
                yield f"{template.name}: {form}"


def test_no_template_writes_a_date_in_norwegian_whatever_the_language() -> None:
    assert list(_norwegian_forms()) == []
