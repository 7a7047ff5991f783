"""What a message says, as people read it: a title, and paragraphs under the sender's own headings.

Nothing is interpreted: codes are shown by the names that came with them, and what has no words
here is in the message, which is kept whole beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from fellesjournal.foundation import clock
from fellesjournal.national.clinical import (
    Condition,
    HeadedText,
    Information,
    Medication,
    Observation,
    Result,
)
from fellesjournal.national.dialogue import Dialogue
from fellesjournal.national.discharge import DischargeSummary, Event
from fellesjournal.national.enclosing import CANCELLATION, CHANGE
from fellesjournal.national.logistics import Logistics
from fellesjournal.national.old_referral import OldRequest
from fellesjournal.national.referral import Referral
from fellesjournal.national.values import Code, Coded, RichText, Timestamp

_BEFORE = {CHANGE: "Endret: ", CANCELLATION: "Trukket tilbake: "}
_EVENTS = {
    "1": "Innlagt",
    "2": "Utskrevet",
    "3": "Utskrivningsklar",
    "4": "Ikke utskrivningsklar likevel",
    "13": "Død",
}


def dialogue(says: Dialogue) -> tuple[str, str]:
    """Notes or questions."""
    title = next((note.title for note in says.notes if note.title), None)
    title = title or next((each.subject for each in says.requests if each.subject), None)
    texts = [note.text for note in says.notes if note.text]
    texts += [each.question for each in says.requests if each.question]
    topics = [note.topic.display for note in says.notes if note.topic.volven == 9148]
    return title or "", joined([*topics, *(each.text for each in texts)])


def referral(says: Referral) -> tuple[str, str]:
    """What is asked, why, and the history."""
    lines = [
        says.comment,
        *_headed(says.reasons),
        *_conditions("Diagnose", says.diagnoses),
        *_information(says.information),
    ]
    return f"{before(says.action)}Henvisning", joined(lines)


def old_referral(says: OldRequest) -> tuple[str, str]:
    """The same, of the older kind."""
    lines = [
        says.comment,
        *_headed(says.reasons),
        *_conditions("Diagnose", says.diagnoses),
        *_information(says.patient.information),
    ]
    return f"{before(says.action)}Henvisning", joined(lines)


def discharge(says: DischargeSummary) -> tuple[str, str]:
    """The events of the stay: diagnoses, course, medicines, plans."""
    lines = [line for event in says.events for line in _stay(event)]
    return f"{before(says.action)}{says.description or 'Epikrise'}", joined(lines)


def logistics(says: Logistics) -> tuple[str, str]:
    """What has happened, and when; the last is what the message is about."""
    names = [_EVENTS.get((each.code.code if each.code else "") or "", "") for each in says.events]
    lines = [
        " ".join(filter(None, [f"{name or 'Hendelse'}: {when(each.at)}",
                               "(anslag)" if each.is_estimate else ""]))
        + "".join(f". {more}" for more in (each.description, each.remark) if more)
        for name, each in zip(names, says.events, strict=True)
    ]  # fmt: skip
    if says.discharged is not None:
        to = says.discharged.to
        lines += [f"Utskrevet til: {shown(to.to)}", to.remark or ""]
    main = next((name for name in reversed(names) if name), "Melding")
    return f"{before(says.sending.action)}{main}", joined(lines)


def _stay(event: Event) -> Iterator[str]:
    if event.past is not None:
        ends = f" – {when(event.past.ends)}" if event.past.ends else ""
        yield f"{when(event.past.begins)}{ends}"
    yield from _information(event.information)
    yield from _headed(event.texts)
    yield from _conditions("Kode", event.codes)
    for part in event.parts:
        yield from _stay(part)


def _headed(texts: Iterable[HeadedText]) -> Iterator[str]:
    for one in texts:
        words = " ".join(filter(None, [plain(one.text), *map(shown, one.codes)]))
        if words:
            yield f"{shown(one.heading)}: {words}" if one.heading else words


def _conditions(name: str, found: Iterable[Condition]) -> Iterator[str]:
    for one in found:
        yield f"{name}: {shown(one.code)}"


def _information(found: Iterable[Information]) -> Iterator[str]:
    for one in found:
        words = ""
        if one.observation is not None:
            words = _observation(one.observation)
        elif one.medication is not None:
            words = _medication(one.medication)
        elif one.result is not None:
            words = _result(one.result)
        if words:
            yield f"{one.type.display or one.type.code}: {words}"


def _observation(said: Observation) -> str:
    coded = shown(said.coded.code) if said.coded else ""
    return " ".join(filter(None, [coded, plain(said.description), said.comment]))


def _medication(taken: Medication) -> str:
    dose = taken.unit_dose
    amount = f"{dose.value} {dose.unit or ''}".strip() if dose and dose.value is not None else ""
    named = taken.drug.display or taken.drug.code
    parts = [named, amount, taken.dosage_text, taken.status.display, taken.comment]
    return ", ".join(filter(None, parts))


def _result(found: Result) -> str:
    value = ""
    if found.number is not None:
        number = found.number.value
        value = f"{number.value} {number.unit or ''}".strip()
    elif found.text is not None and found.text.result is not None:
        value = plain(found.text.result.text)
    elif found.date is not None:
        value = when(found.date.value)
    elif found.interval is not None:
        ends = (found.interval.low, found.interval.high)
        value = " – ".join(f"{end.value} {end.unit or ''}".strip() for end in ends if end)
    return " ".join(filter(None, [shown(found.examination.id), value, found.comment]))


def shown(code: Coded | Code | None) -> str:
    """A code as people read it."""
    if code is None:
        return ""
    words = [code.code, code.display, code.text if isinstance(code, Coded) else None]
    return " ".join(filter(None, words)) if isinstance(code, Coded) else code.display or ""


def plain(text: RichText | str | None) -> str:
    """Words without formatting or empty lines."""
    words = text.text if isinstance(text, RichText) else text or ""
    lines = (line.strip() for line in words.splitlines())
    return "\n".join(line for line in lines if line)


def when(at: Timestamp) -> str:
    """A day or a time, in Norway."""
    try:
        said = datetime.fromisoformat(at.value)
    except ValueError:
        return at.value
    if at.shape == "date":
        return f"{said:%d.%m.%Y}"
    local = said.astimezone(clock.NORWAY) if said.tzinfo else said
    return f"{local:%d.%m.%Y kl. %H.%M}"


def before(action: Code) -> str:
    """What a change or a cancellation is called before its title."""
    return _BEFORE.get(action.code or "", "")


def joined(lines: Iterable[str | None]) -> str:
    """Paragraphs that say something, with a line between."""
    return "\n\n".join(line for line in lines if line and line.strip())


__all__ = [
    "before", "dialogue", "discharge", "joined", "logistics", "old_referral", "plain", "referral",
    "shown", "when",
]  # fmt: skip
