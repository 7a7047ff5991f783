"""What is filled in at reconciliation: a decision for each line, and new lines."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext

from fellesjournal.care.medication.actions import Decision, Decisive
from fellesjournal.care.medication.formulary import ITEMS, Item
from fellesjournal.care.medication.queries import MedicationList
from fellesjournal.care.medication.resources import STOP_REASONS, Medicine, Order, item_of
from fellesjournal.fhir.dosage import text_of
from fellesjournal.surfaces.clinic.medicine_forms import language, read_dose

NEW_LINES = 3
_LEAST = 3


@dataclass(slots=True)
class Filled:
    """One line as filled in; ``errors`` by name of field."""

    decision: str = ""
    dose: str = ""
    why: str = ""
    code: str = "2"
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class FilledNew:
    """One new line as filled in."""

    name: str = ""
    dose: str = ""
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Proposal:
    """The whole page as filled in, and the list it would make."""

    lines: dict[str, Filled]
    new: list[FilledNew]
    decided: dict[str, Decisive] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        """Whether every line is decided and every dose is understood."""
        of_lines = any(each.errors for each in self.lines.values())
        return not (of_lines or any(each.errors for each in self.new))

    @property
    def fingerprint(self) -> str:
        """What was shown before it is confirmed."""
        return hashlib.sha256("\n".join(self.words).encode()).hexdigest()[:16]


def proposal_of(data: Mapping[str, str] | QueryDict, now: MedicationList) -> Proposal:
    """Read the page. Fields of a line are named by the id in its reference."""
    made = Proposal({}, [])
    for line in now.medicines:
        filled = _filled(data, line)
        made.lines[line.reference] = filled
        _decide(made, line, filled, data)
    for number in range(NEW_LINES):
        name, dose, reason = (
            str(data.get(f"new-{each}-{number}", "")).strip() for each in ("name", "dose", "reason")
        )
        new = FilledNew(name, dose, reason)
        made.new.append(new)
        if new.name or new.dose:
            _order_new(made, new)
    return made


def _filled(data: Mapping[str, str] | QueryDict, line: Medicine) -> Filled:
    key = line.reference.partition("/")[2]
    said = {
        name: str(data.get(f"{name}-{key}", "")).strip()
        for name in ("decision", "dose", "why", "code")
    }
    return Filled(said["decision"], said["dose"], said["why"], said["code"] or "2")


def _decide(
    made: Proposal, line: Medicine, filled: Filled, data: Mapping[str, str] | QueryDict
) -> None:
    version = _whole(data.get(f"version-{line.reference.partition('/')[2]}", ""))
    if filled.decision not in set(Decision):
        filled.errors["decision"] = gettext("Decide: continue, change or stop.")
        return
    decision = Decision(filled.decision)
    if decision is not Decision.CONTINUE and len(filled.why) < _LEAST:
        filled.errors["why"] = gettext("Write why, in a few words.")
    if decision is Decision.STOP and filled.code not in STOP_REASONS:
        filled.errors["code"] = gettext("Choose a reason")
    order = _changed(line, filled) if decision is Decision.CHANGE else None
    if filled.errors:
        return
    made.decided[line.reference] = Decisive(decision, version, order, filled.code, filled.why)
    if decision is Decision.CONTINUE:
        made.words.append(f"{line.name}: {line.instruction.text(language())}")
    elif order is not None and order.dosage is not None:
        made.words.append(f"{order.name}: {text_of(order.dosage, language())}")


def _changed(line: Medicine, filled: Filled) -> Order | None:
    item = item_of(line)
    known = line.instruction.dosage
    dosage = read_dose(filled.dose, item.unit if item else known.unit if known else "")
    if dosage is None:
        filled.errors["dose"] = gettext("This dose is not understood. Write it otherwise.")
        return None
    return Order(line.name, line.atc, line.item, dosage, reason=line.reason)


def _order_new(made: Proposal, new: FilledNew) -> None:
    item = _item_named(new.name)
    if item is None:
        new.errors["name"] = gettext("Choose a medicine of the list of names.")
        return
    dosage = read_dose(new.dose, item.unit)
    if dosage is None:
        new.errors["dose"] = gettext("This dose is not understood. Write it otherwise.")
        return
    made.orders.append(Order.of(item, dosage, reason=new.reason))
    made.words.append(f"{item.label}: {text_of(dosage, language())}")


def _item_named(name: str) -> Item | None:
    return next((item for item in ITEMS.values() if item.label.casefold() == name.casefold()), None)


def _whole(text: object) -> int:
    return int(str(text)) if str(text).isdecimal() else 0


__all__ = ["NEW_LINES", "Filled", "FilledNew", "Proposal", "proposal_of"]
