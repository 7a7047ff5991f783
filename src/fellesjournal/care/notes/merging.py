"""Two people write in one text at once: what came of it, without a word lost (INV-46).

A merge of three texts, line by line: the one both began from, and what each made of it. Lines
are the unit because a sentence put together of two people's words may say what neither meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class _Edit:
    """The lines ``start`` to ``end`` of the base become ``lines``."""

    start: int
    end: int
    lines: tuple[str, ...]

    @property
    def is_insertion(self) -> bool:
        return self.start == self.end


def merged(base: str, theirs: str, mine: str) -> str | None:
    """Both changes in one text, or None when they collide.

    They collide when both change or remove the same lines in different ways, or when one puts
    lines into what the other changes. Lines that both put in at the same place are all kept,
    ``theirs`` first.
    """
    if mine in {base, theirs}:
        return theirs
    if theirs == base:
        return mine
    lines = base.split("\n")
    others, own = _edits(lines, theirs), _edits(lines, mine)
    if any(_collide(one, other) for one in own for other in others):
        return None
    # of insertions at one place theirs come first; an insertion comes before what it stands before
    chosen = sorted(
        [(edit.start, not edit.is_insertion, 0, edit) for edit in others]
        + [(edit.start, not edit.is_insertion, 1, edit) for edit in own if edit not in others],
        key=lambda entry: entry[:3],
    )
    result: list[str] = []
    at = 0
    for _, _, _, edit in chosen:
        result += lines[at : edit.start]
        result += edit.lines
        at = edit.end
    return "\n".join([*result, *lines[at:]])


def _edits(lines: Sequence[str], text: str) -> list[_Edit]:
    wanted = text.split("\n")
    matcher = SequenceMatcher(None, lines, wanted, autojunk=False)
    return [
        _Edit(start, end, tuple(wanted[first:last]))
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]


def _collide(one: _Edit, other: _Edit) -> bool:
    if one == other:
        return False
    if one.is_insertion and other.is_insertion:
        return False
    if one.is_insertion:
        return other.start < one.start < other.end
    if other.is_insertion:
        return one.start < other.start < one.end
    return one.start < other.end and other.start < one.end


__all__ = ["merged"]
