"""A workbook that somebody has sent: its first sheet, or why it is not opened."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from django.utils.translation import gettext
from openpyxl import load_workbook

LARGEST_FILE = 2_000_000
_LARGEST_UNPACKED = 10_000_000


class Unreadable(ValueError):
    """A file that is no table of ours at all; the text is a message for people."""


def first_sheet(content: bytes) -> Any:  # a sheet of openpyxl
    """The first sheet of a workbook. Raises Unreadable for what is none, and what is too large."""
    if len(content) > LARGEST_FILE:
        raise Unreadable(gettext("The file is too large."))
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            is_too_large = sum(each.file_size for each in packed.infolist()) > _LARGEST_UNPACKED
            # nothing is unpacked of a file that grows too large, and no XML is read with a DTD
            has_dtd = not is_too_large and any(
                b"<!DOCTYPE" in packed.read(each) for each in packed.namelist()
            )
        book = None if is_too_large or has_dtd else load_workbook(BytesIO(content))
    except Exception:  # noqa: BLE001 - a broken file breaks the reader in any way it likes
        raise Unreadable(gettext("This is no workbook (XLSX).")) from None
    if is_too_large:
        raise Unreadable(gettext("The file is too large."))
    if has_dtd:
        raise Unreadable(gettext("The file holds a document type (DTD), as no worksheet does."))
    if book is None or not book.worksheets:
        raise Unreadable(gettext("This is no workbook (XLSX)."))
    return book.worksheets[0]


__all__ = ["LARGEST_FILE", "Unreadable", "first_sheet"]
