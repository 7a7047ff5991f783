"""From files to parts: what a load reads, cut into pieces that are written whole or not.

A part is one Bundle, or up to a thousand lines of NDJSON. It is read anywhere, hashed, and
carries the file and first line it came from, so that a refusal can say where.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path
from typing import BinaryIO, cast

LINES_PER_PART = 1000
BYTES_PER_PART = 2_000_000
SUFFIXES = {".json", ".ndjson", ".jsonl"}
PACKED = {".gz", ".bz2"}


@dataclass(frozen=True, slots=True)
class Part:
    """``lines`` is the raw content: one JSON document, or NDJSON lines from ``first_line`` on."""

    file: str
    first_line: int
    lines: tuple[bytes, ...]
    size: int

    @property
    def key(self) -> str:
        """The name under which this content, at this place in a file, is written once."""
        digest = hashlib.sha256()
        for line in self.lines:
            digest.update(line)
        return f"load:{digest.hexdigest()}:{self.first_line}"


class UnreadableInput(Exception):
    """A path that can't be loaded; the message says which and why."""


def find_files(paths: list[str]) -> list[Path]:
    """The files behind files, folders (searched through) and globs, each once, sorted.

    Raises UnreadableInput when a path leads to nothing that can be loaded.
    """
    found: dict[Path, None] = {}
    for path in paths:
        matches = sorted(_expand(path))
        if not matches:
            raise UnreadableInput(f"{path}: no .json, .ndjson, .jsonl file (.gz, .bz2) there")
        found.update(dict.fromkeys(matches))
    return list(found)


def _expand(path: str) -> Iterator[Path]:
    is_pattern = has_magic(path) and not Path(path).exists()
    # a pattern may be absolute, which Path.glob refuses
    for name in glob(path, recursive=True) if is_pattern else [path]:  # noqa: PTH207 - Path.glob refuses it
        place = Path(name)
        if place.is_dir():
            yield from (file for file in place.rglob("*") if file.is_file() and is_loadable(file))
        elif place.is_file():
            yield place


def is_loadable(file: Path) -> bool:
    """Whether the name says JSON or NDJSON, packed or not."""
    return _kind(file) in SUFFIXES


def _kind(file: Path) -> str:
    suffixes = [suffix.lower() for suffix in file.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def read_parts(file: Path) -> Iterator[Part]:
    """The parts of one file in order. Raises UnreadableInput for damaged packing."""
    try:
        with _open(file) as stream:
            if _kind(file) in {".ndjson", ".jsonl"}:
                yield from _line_parts(file, stream)
            else:
                content = stream.read()
                yield Part(str(file), 1, (content,), len(content))
    except (OSError, EOFError, ValueError) as error:
        raise UnreadableInput(f"{file}: {error}") from error


def _open(file: Path) -> BinaryIO:
    if file.suffix.lower() == ".gz":
        return cast("BinaryIO", gzip.open(file, "rb"))
    if file.suffix.lower() == ".bz2":
        return cast("BinaryIO", bz2.open(file, "rb"))
    return file.open("rb")


def _line_parts(file: Path, stream: BinaryIO) -> Iterator[Part]:
    lines: list[bytes] = []
    first, size = 1, 0
    for number, line in enumerate(stream, start=1):
        if not lines:
            first, size = number, 0
        lines.append(line)
        size += len(line)
        if len(lines) >= LINES_PER_PART or size >= BYTES_PER_PART:
            yield Part(str(file), first, tuple(lines), size)
            lines = []
    if lines:
        yield Part(str(file), first, tuple(lines), size)
