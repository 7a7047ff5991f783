"""The medication list of a patient: as it stands, as it was, and how it came to be so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fellesjournal.access import acts, patients, records
from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.alerts import InUse
from fellesjournal.care.medication.resources import (
    ON_REQUEST,
    RENEWED,
    Medicine,
    flags_in,
    is_medication_list,
    medicine_of,
    references_in,
)
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element, Moment

_LIMITS = {"List": 50, "MedicationRequest": 500, "MedicationStatement": 200}
_VERSIONS_READ = 60
_KINDS = ("MedicationRequest", "MedicationStatement")


@dataclass(frozen=True, slots=True)
class MedicationList:
    """A patient's medicines. ``number`` is the version of the list, 0 when none has been made:
    the medicines are then those of the prescriptions that stand in the record.

    ``outside`` stand in the record as in use, and not on the list: somebody must look at them.
    ``by`` is the name of who made this number (``by_reference``), ``encounter`` the stay it was
    reconciled for. ``reported`` are what the patient says she takes, not yet confirmed. ``others`` are all other
    medicines read, by reference. ``id`` is that of the List. ``was_asked_for``: this number renewed
    what the patient had asked for.
    """

    patient: str
    id: str
    number: int
    changed: Moment | None
    by: str
    note: str
    medicines: tuple[Medicine, ...]
    outside: tuple[Medicine, ...] = ()
    reported: tuple[Medicine, ...] = ()
    others: Mapping[str, Medicine] = field(default_factory=dict)
    encounter: str = ""
    by_reference: str = ""
    was_asked_for: bool = False

    def of(self, reference: str) -> Medicine | None:
        """The medicine of a reference (Type/id) that is on the list."""
        return next((each for each in self.medicines if each.reference == reference), None)

    def stands_for(self, reference: str) -> Medicine | None:
        """The medicine on the list of a reference, or the one that took its place by a change of
        the same medicine; None when it was taken off the list.
        """
        return next((each for each in self.medicines if reference in self.before(each)), None)

    def before(self, medicine: Medicine) -> tuple[str, ...]:
        """A medicine's own reference and those of the prescriptions of the same medicine it took
        the place of, newest first, as far as they are known.
        """
        passed = [medicine.reference]
        prior = medicine.prior
        while prior and prior not in passed:
            before = self.others.get(prior)
            if before is None or not _same_medicine(before, medicine):
                break
            passed.append(prior)
            prior = before.prior
        return tuple(passed)

    def began(self, medicine: Medicine) -> Moment | None:
        """When a medicine on the list was taken into use, through the prescriptions of the same
        medicine it took the place of; None when it was never changed, or not all of them are known.
        """
        first = medicine
        passed = {medicine.reference}
        while first.prior:
            before = self.others.get(first.prior)
            if before is None or before.reference in passed:
                return None
            if not _same_medicine(before, medicine):
                break
            passed.add(before.reference)
            first = before
        return first.since if first is not medicine else None

    def in_use(self) -> list[InUse]:
        """What a new medicine must be held against: the list, and what stands outside of it."""
        return [
            InUse(each.reference, each.name, each.atc, each.instruction.text("nb"))
            for each in (*self.medicines, *self.outside, *self.reported)
        ]


def _same_medicine(one: Medicine, other: Medicine) -> bool:
    return one.atc == other.atc if one.atc and other.atc else one.name == other.name


@dataclass(frozen=True, slots=True)
class Difference:
    """What one number of the list has that the one before had not.

    ``changed`` are pairs of before and after; ``renewed`` are prescribed again as they were, which
    is no change of what is taken.
    """

    added: tuple[Medicine, ...]
    changed: tuple[tuple[Medicine, Medicine], ...]
    ended: tuple[Medicine, ...]
    renewed: tuple[Medicine, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether what is taken is the same."""
        return not (self.added or self.changed or self.ended)


@dataclass(frozen=True, slots=True)
class Change:
    """One number of the list: when, by whom, why, and what it changed."""

    number: int
    at: Moment | None
    by: str
    note: str
    difference: Difference


def list_of(session: Session, patient_id: str) -> MedicationList:
    """The list as it stands, alphabetical; one round trip. Empty for an unknown patient."""
    found = patients.record_of(session, patient_id, _LIMITS)
    bodies = {name: [(acts.content(s), s.version) for s in rows] for name, rows in found.items()}
    known = _named_medications(session, [body for name in _KINDS for body, _ in bodies[name]])
    read = {
        medicine.reference: medicine
        for name in _KINDS
        for body, version in bodies[name]
        for medicine in [medicine_of(body, version, known)]
        if body.get("intent") not in {"plan", "proposal"}
    }
    lists = [(body, version) for body, version in bodies["List"] if is_medication_list(body)]
    if not lists:
        return _derived(f"Patient/{patient_id}", read)
    # A second list can only have been made by somebody who could not see the first: the one with
    # the longer history holds, and what only the other has is shown as outside of it.
    body, version = max(lists, key=lambda each: (each[1], str(each[0]["id"])))
    return _standing(session, f"Patient/{patient_id}", body, version, read)


def _named_medications(session: Session, bodies: Iterable[Element]) -> dict[str, Element]:
    named = {
        target
        for body in bodies
        if not body.get("medicationCodeableConcept")
        and not reading.reference_text(body.get("medicationReference"))
        and (target := reading.reference_target(body.get("medicationReference"))).startswith(
            "Medication/"
        )
    }
    wanted = [("Medication", target.removeprefix("Medication/")) for target in sorted(named)]
    return {s.reference: acts.content(s) for s in patients.read_known(session, wanted)}


def _standing(
    session: Session, patient: str, body: Element, version: int, read: dict[str, Medicine]
) -> MedicationList:
    wanted = references_in(body)
    read |= _older(session, [each for each in wanted if each not in read])
    on_list = [read[each] for each in dict.fromkeys(wanted) if each in read]
    medicines = tuple(sorted(on_list, key=_by_name))
    listed = {each.reference for each in medicines}
    rest = [each for each in read.values() if each.reference not in listed and each.is_in_use]
    return MedicationList(
        patient=patient,
        id=str(body["id"]),
        number=version,
        changed=reading.first_moment(body, "date"),
        by=reading.reference_text(body.get("source")),
        note=next((reading.string(n.get("text")) for n in reading.elements(body.get("note"))), ""),
        medicines=medicines,
        outside=tuple(sorted((m for m in rest if not m.is_reported), key=_by_name)),
        reported=tuple(sorted((m for m in rest if m.is_reported), key=_by_name)),
        others=read,
        encounter=reading.reference_target(body.get("encounter")),
        by_reference=reading.reference_target(body.get("source")),
        was_asked_for=ON_REQUEST in flags_in(body),
    )


def _older(session: Session, references: Sequence[str]) -> dict[str, Medicine]:
    """Entries beyond what was read at once."""
    pairs = [
        (kind, fhir_id)
        for each in references
        for kind, _, fhir_id in [each.partition("/")]
        if kind in _KINDS
    ]
    return {
        stored.reference: medicine_of(acts.content(stored), stored.version)
        for stored in patients.read_known(session, pairs)
    }


def _derived(patient: str, read: dict[str, Medicine]) -> MedicationList:
    """The list of a record in which none has been made: every prescription in force."""
    in_use = [each for each in read.values() if each.is_in_use]
    return MedicationList(
        patient=patient,
        id="",
        number=0,
        changed=None,
        by="",
        note="",
        medicines=in_force(read),
        reported=tuple(sorted((m for m in in_use if m.is_reported), key=_by_name)),
        others=read,
    )


def in_force(read: Mapping[str, Medicine]) -> tuple[Medicine, ...]:
    """What is in use of a record's prescriptions, alphabetical.

    One that another in force took the place of, or repeats word by word, is left out; two of one
    medicine with different doses are both kept, for which of them holds nobody has said.
    """
    in_use = [each for each in read.values() if each.is_in_use and not each.is_reported]
    replaced = {each.prior for each in in_use if each.prior}
    chosen: dict[tuple[str, str], Medicine] = {}
    for each in sorted(in_use, key=_age):
        if each.reference not in replaced:
            chosen[(each.name.casefold(), each.instruction.text("nb"))] = each
    return tuple(sorted(chosen.values(), key=_by_name))


def _by_name(medicine: Medicine) -> tuple[str, str]:
    return medicine.name.casefold(), medicine.reference


def _age(medicine: Medicine) -> tuple[float, str]:
    since = medicine.since.at.timestamp() if medicine.since else float("-inf")
    return since, medicine.reference


def difference(before: Iterable[Medicine], after: Iterable[Medicine]) -> Difference:
    """What has come, changed and ended between two states of a list, each line once."""
    old = {each.reference: each for each in before}
    new = {each.reference: each for each in after}
    came = [each for reference, each in new.items() if reference not in old]
    changed = [(old[each.prior], each) for each in came if each.prior in old]
    changed = [(was, now) for was, now in changed if was.reference not in new]
    replaced = {was.reference for was, _ in changed}
    taking_over = {now.reference for _, now in changed}
    return Difference(
        added=tuple(each for each in came if each.reference not in taking_over),
        changed=tuple(pair for pair in changed if not is_renewal(*pair)),
        renewed=tuple(now for was, now in changed if is_renewal(was, now)),
        ended=tuple(
            each
            for reference, each in old.items()
            if reference not in new and reference not in replaced
        ),
    )


def is_renewal(was: Medicine, now: Medicine) -> bool:
    """Whether the later prescription only prescribes the earlier again."""
    return now.prior == was.reference and was.why_code == RENEWED


def numbers_of(session: Session, now: MedicationList) -> list[MedicationList]:
    """The numbers of a list as they were, newest first, as far as they are read (60)."""
    if not now.id:
        return [now]
    page = records.history(session, type_name="List", fhir_id=now.id, count=_VERSIONS_READ)
    read = dict(now.others)
    return [
        _standing(session, now.patient, acts.content(e.stored), e.stored.version, read)
        for e in page.events
        if e.stored.body
    ]


def changes_of(session: Session, now: MedicationList) -> list[Change]:
    """How the list came to be as it is, newest first. The first number has all as added."""
    numbers = numbers_of(session, now)
    befores: list[tuple[Medicine, ...]] = [each.medicines for each in numbers[1:]]
    first_read = bool(numbers) and numbers[-1].number == 1
    pairs = list(zip(numbers, befores, strict=False))
    if first_read:
        pairs.append((numbers[-1], ()))
    return [
        Change(each.number, each.changed, each.by, each.note, difference(before, each.medicines))
        for each, before in pairs
    ]


__all__ = [
    "Change", "Difference", "MedicationList", "changes_of", "difference", "in_force", "is_renewal",
    "list_of", "numbers_of",
]  # fmt: skip
