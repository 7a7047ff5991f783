"""The one rendering of a medication list: for every page, letter and message (INV-17).

Whoever shows a list shows these lines, with the number and the fingerprint. Two views show the
same exactly when their fingerprints are equal; the fingerprint knows nothing of languages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import orjson

from fellesjournal.care.medication.change_words import Said, change_in_words
from fellesjournal.care.medication.queries import Change, Difference, MedicationList
from fellesjournal.care.medication.resources import Medicine
from fellesjournal.fhir.reading import Moment


@dataclass(frozen=True, slots=True)
class Line:
    """One medicine in words. ``in_doubt``: the dose is the prescriber's words, not understood.
    ``since``: when it was last prescribed so; ``began``: when it was taken into use, where that is
    known and earlier.
    """

    reference: str
    name: str
    dose: str
    reason: str
    weekly: bool
    in_doubt: bool
    paused: bool
    in_stay: bool
    since: Moment | None
    by: str
    began: Moment | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A list in one language: ``number`` (0: no list has been made), when, by whom, the lines."""

    number: int
    changed: Moment | None
    by: str
    lines: tuple[Line, ...]
    fingerprint: str


def render(found: MedicationList, language: str) -> Rendered:
    """A list in words of a language (nb, nn, en)."""
    return Rendered(
        number=found.number,
        changed=found.changed,
        by=found.by,
        lines=tuple(
            replace(line_of(each, language), began=found.began(each)) for each in found.medicines
        ),
        fingerprint=fingerprint(found),
    )


def line_of(medicine: Medicine, language: str) -> Line:
    """One medicine in words."""
    return Line(
        reference=medicine.reference,
        name=medicine.name,
        dose=medicine.instruction.text(language),
        reason=medicine.reason,
        weekly=medicine.weekly,
        in_doubt=medicine.instruction.doubt is not None,
        paused=medicine.is_paused,
        in_stay=medicine.in_stay,
        since=medicine.since,
        by=medicine.by,
    )


def fingerprint(found: MedicationList) -> str:
    """Sixteen hexadecimal digits over the number and every line; equal for equal lists only."""
    lines = [
        [
            each.reference,
            each.name,
            each.instruction.text("nb"),
            each.instruction.doubt or "",
            each.reason,
            each.is_paused,
            each.in_stay,
        ]
        for each in found.medicines
    ]
    said = orjson.dumps([found.patient, found.id, found.number, lines])
    return hashlib.sha256(said).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line that was changed: before and after, what of it is other (``said``), and why."""

    before: Line
    after: Line
    why: str
    said: Said


@dataclass(frozen=True, slots=True)
class EndedLine:
    """A line that has gone, and why."""

    line: Line
    why: str


@dataclass(frozen=True, slots=True)
class ToldChange:
    """One number of the list in words, and what it changed."""

    change: Change
    added: tuple[Line, ...]
    changed: tuple[ChangedLine, ...]
    ended: tuple[EndedLine, ...]
    renewed: tuple[Line, ...] = ()


def told(changes: Iterable[Change], language: str) -> list[ToldChange]:
    """How a list came to be, in words, in the order given."""
    return [
        ToldChange(
            each,
            tuple(line_of(came, language) for came in each.difference.added),
            tuple(_changed(was, now, language) for was, now in each.difference.changed),
            tuple(EndedLine(line_of(gone, language), gone.why) for gone in each.difference.ended),
            tuple(line_of(again, language) for again in each.difference.renewed),
        )
        for each in changes
    ]


def _changed(was: Medicine, now: Medicine, language: str) -> ChangedLine:
    before, after = line_of(was, language), line_of(now, language)
    said = change_in_words((before.name, before.dose), (after.name, after.dose), language)
    return ChangedLine(before, after, was.why, said)


# Words of letters. Like the words of doses they are part of the clinical meaning.
_MARKS = {
    "nb": ("tas ikke for tiden", "bare under oppholdet", "ukentlig"),
    "nn": ("blir ikkje teke for tida", "berre under opphaldet", "vekentleg"),
    "en": ("not taken for now", "only during the stay", "weekly"),
}
_CHANGES = {
    "nb": ("Nytt", "Endret", "Stoppet"),
    "nn": ("Nytt", "Endra", "Stoppa"),
    "en": ("New", "Changed", "Stopped"),
}


def as_plain_text(found: MedicationList, language: str) -> str:
    """The list as lines of text, for letters and messages: ``Name: dose (reason)``, with marks of
    what is paused, weekly or holds during the stay only.
    """
    return "\n".join(_in_a_letter(line, language) for line in render(found, language).lines)


def marks_of(line: Line, language: str) -> list[str]:
    """What must stand beside a medicine in a letter: paused, in the stay only, weekly."""
    paused, in_stay, weekly = _MARKS[language]
    held = ((paused, line.paused), (in_stay, line.in_stay), (weekly, line.weekly))
    return [mark for mark, holds in held if holds]


def _in_a_letter(line: Line, language: str) -> str:
    marks = marks_of(line, language)
    said = f"{line.name}: {line.dose}" + (f" ({line.reason})" if line.reason else "")
    return f"{said} [{', '.join(marks)}]" if marks else said


def difference_as_plain_text(found: Difference, language: str) -> str:
    """What was changed, one line each: new, changed with what is other and why, stopped with why."""
    new, changed, stopped = _CHANGES[language]
    lines = [f"{new}: {each.name}: {each.instruction.text(language)}" for each in found.added]
    told_of = [_changed(was, now, language) for was, now in found.changed]
    lines += [f"{changed}: {each.said}" + _why(each.why) for each in told_of]
    lines += [f"{stopped}: {each.name}" + _why(each.why) for each in found.ended]
    return "\n".join(lines)


def _why(why: str) -> str:
    return f" ({why})" if why else ""


__all__ = [
    "ChangedLine", "EndedLine", "Line", "Rendered", "ToldChange", "as_plain_text",
    "difference_as_plain_text", "fingerprint", "line_of", "marks_of", "render", "told",
]  # fmt: skip
