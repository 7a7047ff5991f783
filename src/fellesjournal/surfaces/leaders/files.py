"""The table of a page as a file: CSV with semicolons, XLSX, or PDF. What is held back on the page is held
back in it, for it is made of the same rows. CSV and XLSX are for programs; a PDF says what the page says.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from fellesjournal.foundation.exports.tables import Sheet, as_pdf

CSV, XLSX, PDF = "csv", "xlsx", "pdf"
_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PDF: "application/pdf",
}


def asked_for(request: HttpRequest) -> str:
    """Which kind of file is asked for by ``?as=``; "" for the page itself."""
    kind = request.GET.get("as", "")
    return kind if kind in _TYPES else ""


def as_file(
    kind: str, name: str, rows: Iterable[Sequence[object]], paper: Callable[[], Sheet]
) -> HttpResponse:
    """The table as a file of a kind of :func:`asked_for`: its rows, headings first, or its paper.
    ``name`` has no ending.
    """
    if kind == PDF:
        return file_of(kind, name, as_pdf(paper()))
    return file_of(kind, name, _xlsx(rows) if kind == XLSX else _csv(rows))


def file_of(kind: str, name: str, content: bytes) -> HttpResponse:
    """A file of a kind; ``name`` has no ending."""
    answer = HttpResponse(content, content_type=_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def page_of() -> tuple[str, str, str]:
    """How a page of a paper is numbered: what stands before, between and after the two numbers."""
    gap = "\0"
    before, between, after = (
        gettext("Page %(page)s of %(pages)s") % {"page": gap, "pages": gap}
    ).split(gap)
    return before, between, after


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=";").writerows([_plain(value) for value in row] for row in rows)
    # the mark tells spreadsheets that it is UTF-8
    return f"\ufeff{text.getvalue()}".encode()


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


__all__ = ["CSV", "PDF", "XLSX", "as_file", "asked_for", "file_of", "page_of"]
