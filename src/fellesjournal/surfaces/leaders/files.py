"""The table of a page as a file: CSV with semicolons, or XLSX. What is held back on the page is held back
in it, for it is made of the same rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse

CSV, XLSX = "csv", "xlsx"
_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def asked_for(request: HttpRequest) -> str:
    """Which kind of file is asked for by ``?as=``; "" for the page itself."""
    kind = request.GET.get("as", "")
    return kind if kind in _TYPES else ""


def as_file(kind: str, name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The rows, headings first, as a file of a kind of :func:`asked_for`. ``name`` has no ending."""
    content = _xlsx(rows) if kind == XLSX else _csv(rows)
    answer = HttpResponse(content, content_type=_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=";").writerows([_plain(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _xlsx(rows: Iterable[Sequence[object]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - most processes never make one

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Fellesjournal")
    for row in rows:
        sheet.append([_cell(value) for value in row])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(value: object) -> Any:
    return float(value) if isinstance(value, Fraction) else _plain(value)


def _plain(value: object) -> Any:
    """Numbers as numbers; all else as text that no program takes for a formula."""
    if isinstance(value, int | float | Decimal | Fraction):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


__all__ = ["CSV", "XLSX", "as_file", "asked_for"]
