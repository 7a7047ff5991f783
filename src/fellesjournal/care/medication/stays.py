"""The list across a stay in hospital: before it, during it, and whether it has been reconciled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fellesjournal.access import acts, patients
from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.queries import (
    Difference,
    MedicationList,
    is_renewal,
    list_of,
    numbers_of,
)
from fellesjournal.care.medication.resources import Medicine
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element, Moment
from fellesjournal.foundation import clock

# v3-ActCode: classes of encounters that last.
_STAYS = frozenset({"IMP", "ACUTE", "NONAC", "OBSENC", "SS"})
_READ = 200
# Assumption (configurable): so long after a stay its list may still be reconciled without saying
# which stay is meant.
_RECENT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay: its Encounter (Encounter/1), when it began, whether it lasts, and where."""

    reference: str
    starts: Moment | None
    lasts: bool
    where: str


@dataclass(frozen=True, slots=True)
class Row:
    """A medicine across the stay: as it was before it, and as it is now; one may be missing."""

    before: Medicine | None
    now: Medicine | None

    @property
    def state(self) -> str:
        """``same``, ``changed``, ``new`` or ``ended`` since before the stay."""
        if self.before is None:
            return "new"
        if self.now is None:
            return "ended"
        same = self.before.reference == self.now.reference or is_renewal(self.before, self.now)
        return "same" if same else "changed"


@dataclass(frozen=True, slots=True)
class Across:
    """The list across a stay. ``before`` is the number that stood when it began; None: nobody
    knows what was in use before, so that the rows say only what is now.
    """

    stay: Stay | None
    now: MedicationList
    before: MedicationList | None
    rows: tuple[Row, ...]


def stay_of(session: Session, patient_id: str, encounter: str = "") -> Stay | None:
    """The stay of this Encounter (Encounter/1); without one that which lasts, else one that ended
    lately; None when there is none.
    """
    found = patients.record_of(session, patient_id, {"Encounter": _READ})["Encounter"]
    stays = [body for each in found if _is_stay(body := acts.content(each))]
    if encounter:
        stays = [each for each in stays if f"Encounter/{each['id']}" == encounter]
    else:
        stays = [each for each in stays if _is_recent(each)]
    stays.sort(key=lambda each: (each.get("status") != "in-progress", -_begun(each)))
    return _stay(stays[0]) if stays else None


def _is_stay(body: Element) -> bool:
    return (
        reading.first_code(body.get("class")) in _STAYS
        and body.get("status") in {"arrived", "triaged", "in-progress", "onleave", "finished"}
    )  # fmt: skip


def lasting_stay(session: Session, patient_id: str) -> Stay | None:
    """The stay she is in now; None when she is in none."""
    found = stay_of(session, patient_id)
    return found if found and found.lasts else None


def _is_recent(body: Element) -> bool:
    if body.get("status") != "finished":
        return True
    period = body.get("period")
    ended = reading.moment(period.get("end")) if isinstance(period, dict) else None
    return ended is not None and clock.now() - ended.at <= _RECENT


def _begun(body: Element) -> float:
    starts = reading.first_moment(body, "period")
    return starts.at.timestamp() if starts else 0.0


def _stay(body: Element) -> Stay:
    return Stay(
        f"Encounter/{body['id']}",
        reading.first_moment(body, "period"),
        body.get("status") != "finished",
        reading.reference_text(body.get("serviceProvider")),
    )


def across(
    session: Session, patient_id: str, encounter: str = "", now: MedicationList | None = None
) -> Across:
    """The list before a stay and now (read, unless it is given), line beside line, by name."""
    now = list_of(session, patient_id) if now is None else now
    stay = stay_of(session, patient_id, encounter)
    before = _standing_at(session, now, stay) if stay else None
    rows = _rows((before or now).medicines, now)
    return Across(stay, now, before, rows)


def _standing_at(session: Session, now: MedicationList, stay: Stay) -> MedicationList | None:
    if stay.starts is None or not now.number:
        return None
    return next(
        (
            each
            for each in numbers_of(session, now)
            if each.changed and each.changed.at <= stay.starts.at
        ),
        None,
    )


def _rows(before: tuple[Medicine, ...], now: MedicationList) -> tuple[Row, ...]:
    old = {each.reference: each for each in before}
    rows, met = [], set()
    for each in now.medicines:
        origin = _origin(each, old, now)
        if origin is not None:
            met.add(origin.reference)
        rows.append(Row(origin, each))
    gone = [
        Row(now.others.get(each.reference, each), None)
        for each in before
        if each.reference not in met
    ]
    return tuple(
        sorted([*rows, *gone], key=lambda row: (row.now or row.before).name.casefold())  # type: ignore[union-attr]  # one of them is there
    )


def _origin(medicine: Medicine, old: dict[str, Medicine], now: MedicationList) -> Medicine | None:
    """The line before the stay that a line goes back to, through what it took the place of."""
    seen: set[str] = set()
    at: Medicine | None = medicine
    while at is not None and at.reference not in seen:
        if at.reference in old:
            return old[at.reference]
        seen.add(at.reference)
        at = now.others.get(at.prior)
    return None


def changed_in(
    session: Session, patient_id: str, encounter: str, now: MedicationList | None = None
) -> Difference | None:
    """What a stay (Encounter/1) has changed, from the number that held before it to the list as it
    stands, for its letter; None when nobody knows what held before.
    """
    found = across(session, patient_id, encounter, now)
    if found.before is None:
        return None
    pairs = [(row.before, row.now) for row in found.rows if row.before and row.now]
    return Difference(
        added=tuple(row.now for row in found.rows if row.now and not row.before),
        changed=tuple((was, now) for was, now in pairs if was.reference != now.reference),
        ended=tuple(row.before for row in found.rows if row.before and not row.now),
    )


def reconciled_number(session: Session, patient_id: str, encounter: str) -> int | None:
    """The number of the list that was reconciled for a stay (Encounter/1); None when none was.

    For discharge: a summary is not complete without it.
    """
    now = list_of(session, patient_id)
    if now.encounter == encounter:
        return now.number
    return next(
        (each.number for each in numbers_of(session, now) if each.encounter == encounter), None
    )


__all__ = [
    "Across",
    "Row",
    "Stay",
    "across",
    "changed_in",
    "lasting_stay",
    "reconciled_number",
    "stay_of",
]
