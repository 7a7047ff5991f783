"""Compiles the translations, without the gettext programs that many machines lack."""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[2] / "locale"


def compile_catalogues(locale: Path = LOCALE) -> list[Path]:
    """Write each ``.mo`` that is older than its ``.po``; returns those written."""
    return [
        target
        for source in sorted(locale.glob("*/LC_MESSAGES/*.po"))
        if (target := _compile(source)) is not None
    ]


def _compile(source: Path) -> Path | None:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return None
    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parents[1].name)
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    with fresh.open("wb") as binary:
        write_mo(binary, catalogue)
    fresh.replace(target)
    return target
