"""What happened to a patient, from all settings, on one axis, newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from fellesjournal.care.chart.wording import plain
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element, Moment

_LEFT_OUT = {"entered-in-error", "cancelled", "not-done", "superseded"}
# An appointment that was kept is told by its encounter.
_KEPT_APPOINTMENT = {"fulfilled", "arrived", "checked-in"}


class Kind(StrEnum):
    """What an event is."""

    ENCOUNTER = "encounter"
    DOCUMENT = "document"
    REPORT = "report"
    PROCEDURE = "procedure"
    VACCINE = "vaccine"
    APPOINTMENT = "appointment"


class Setting(StrEnum):
    """Where in the services it happened."""

    GP = "gp"
    OUT_OF_HOURS = "out-of-hours"
    HOSPITAL = "hospital"
    OUTPATIENT = "outpatient"
    HOME_CARE = "home-care"
    NURSING_HOME = "nursing-home"
    HEALTH_STATION = "health-station"
    PHYSIOTHERAPY = "physiotherapy"
    OTHER = "other"


# Encounter types of the platform, then the classes (v3-ActCode) that any system sends.
_BY_TYPE = {
    "gp": Setting.GP,
    "gp-phone": Setting.GP,
    "gp-video": Setting.GP,
    "gp-e": Setting.GP,
    "out-of-hours": Setting.OUT_OF_HOURS,
    "outpatient": Setting.OUTPATIENT,
    "day-treatment": Setting.OUTPATIENT,
    "admission": Setting.HOSPITAL,
    "emergency-admission": Setting.HOSPITAL,
    "home-care": Setting.HOME_CARE,
    "nursing-home": Setting.NURSING_HOME,
    "nursing-home-round": Setting.NURSING_HOME,
    "child-health": Setting.HEALTH_STATION,
    "school-health": Setting.HEALTH_STATION,
    "midwife": Setting.HEALTH_STATION,
    "physiotherapy": Setting.PHYSIOTHERAPY,
}
_BY_CLASS = {
    "IMP": Setting.HOSPITAL,
    "ACUTE": Setting.HOSPITAL,
    "NONAC": Setting.HOSPITAL,
    "OBSENC": Setting.HOSPITAL,
    "SS": Setting.HOSPITAL,
    "inpatient": Setting.HOSPITAL,
    "EMER": Setting.OUT_OF_HOURS,
    "emergency": Setting.OUT_OF_HOURS,
    "HH": Setting.HOME_CARE,
    "AMB": Setting.OUTPATIENT,
    "ambulatory": Setting.OUTPATIENT,
    "outpatient": Setting.OUTPATIENT,
}

# Services that come daily or weekly for long; several of their visits make one line.
_DAILY = {Setting.HOME_CARE, Setting.NURSING_HOME, Setting.PHYSIOTHERAPY}


@dataclass(frozen=True, slots=True)
class Event:
    """One line. ``detail`` says why, ``place`` where, ``who`` with whom; each may be empty.

    ``document_id`` or ``note_id`` is set where there is a text to open; ``contact`` is the encounter it
    belongs to; ``parts`` are the events of an encounter, when shown under it. Of a vaccine,
    ``detail`` is the number of the dose. ``times`` above 1: so many contacts alike, from ``at``
    (the first) until ``until`` (the last).
    """

    kind: Kind
    setting: Setting
    at: Moment | None
    until: Moment | None
    title: str
    detail: str
    place: str
    who: str
    status: str
    document_id: str = ""
    note_id: str = ""
    contact: str = ""
    parts: tuple[Event, ...] = ()
    times: int = 1


@dataclass(frozen=True, slots=True)
class Timeline:
    """The events after filtering, newest first, and what may be filtered by.

    ``total`` counts also those not among ``events``; ``more`` says that there are such.
    """

    events: tuple[Event, ...]
    kinds: tuple[tuple[Kind, int], ...]
    settings: tuple[tuple[Setting, int], ...]
    total: int
    more: bool = False


def events(
    resources: Mapping[str, Iterable[Element]], names: Mapping[str, str]
) -> tuple[Event, ...]:
    """All events of the given resources (by type), newest first.

    ``names`` gives the display of a reference (``Organization/1``) that carries none itself.
    """
    encounters = {
        f"Encounter/{resource.get('id')}": _setting(resource)
        for resource in resources.get("Encounter", ())
    }
    readers = {
        "Encounter": _encounter,
        "DocumentReference": _document,
        "Composition": _note,
        "DiagnosticReport": _report,
        "Procedure": _procedure,
        "Immunization": _vaccine,
        "Appointment": _appointment,
    }
    found = [
        read(resource, encounters, names)
        for type_name, read in readers.items()
        for resource in resources.get(type_name, ())
        if resource.get("status") not in _LEFT_OUT
        and not (type_name == "Composition" and resource.get("status") == "preliminary")
        and not (type_name == "Appointment" and resource.get("status") in _KEPT_APPOINTMENT)
    ]
    return tuple(
        sorted(found, key=lambda event: event.at.at.timestamp() if event.at else 0.0, reverse=True)
    )


def coming(found: tuple[Event, ...], now: datetime) -> tuple[Event, ...]:
    """The appointments still ahead, nearest first."""
    ahead = [
        (event.at.at, event)
        for event in found
        if event.kind is Kind.APPOINTMENT and event.at is not None and event.at.at > now
    ]
    return tuple(event for _, event in sorted(ahead, key=lambda each: each[0]))


def filtered(
    found: tuple[Event, ...], *, kind: Kind | None, setting: Setting | None, limit: int
) -> Timeline:
    """At most ``limit`` events of a kind and setting.

    The counts beside each filter are of what the other filter leaves.
    """
    by_setting = [event for event in found if setting is None or event.setting is setting]
    by_kind = [event for event in found if kind is None or event.kind is kind]
    both = tuple(event for event in by_setting if kind is None or event.kind is kind)
    if kind is None:
        both = _runs_joined(_under_contacts(both))
    return Timeline(
        events=both[:limit],
        kinds=tuple(
            (entry, count)
            for entry in Kind
            if (count := sum(event.kind is entry for event in by_setting)) or entry is kind
        ),
        settings=tuple(
            (entry, count)
            for entry in Setting
            if (count := sum(event.setting is entry for event in by_kind)) or entry is setting
        ),
        total=sum(event.times for event in both),
        more=len(both) > limit,
    )


def _under_contacts(found: tuple[Event, ...]) -> tuple[Event, ...]:
    """What belongs to a contact put under it, so that one visit is one line."""
    contacts = {event.contact for event in found if event.kind is Kind.ENCOUNTER}
    parts: dict[str, list[Event]] = defaultdict(list)
    for event in found:
        if event.kind is not Kind.ENCOUNTER and event.contact in contacts:
            parts[event.contact].append(event)
    return tuple(
        replace(event, parts=tuple(reversed(parts[event.contact])))
        if event.kind is Kind.ENCOUNTER
        else event
        for event in found
        if event.kind is Kind.ENCOUNTER or event.contact not in contacts
    )


def _runs_joined(found: tuple[Event, ...]) -> tuple[Event, ...]:
    """Daily visits alike, one after the other in a calendar month, as one line with its notes.

    Sixty home visits must not hide the admission between them.
    """
    joined: list[Event] = []
    for event in found:
        run = joined[-1] if joined else None
        if run is None or not _alike(run, event):
            joined.append(event)
            continue
        who = dict.fromkeys([*run.who.split(", "), *event.who.split(", ")])
        joined[-1] = replace(
            run,
            at=event.at,
            until=run.until if run.times > 1 else run.at,
            who=", ".join(name for name in who if name),
            parts=(*run.parts, *event.parts),
            times=run.times + 1,
        )
    return tuple(joined)


def _alike(run: Event, event: Event) -> bool:
    if run.at is None or event.at is None or run.kind is not Kind.ENCOUNTER:
        return False
    if run.setting not in _DAILY or (run.at.at.year, run.at.at.month) != (
        event.at.at.year,
        event.at.at.month,
    ):
        return False
    return (run.kind, run.setting, run.title, run.detail, run.place, run.status) == (
        event.kind, event.setting, event.title, event.detail, event.place, event.status
    )  # fmt: skip


def _setting(encounter: Element) -> Setting:
    for concept in reading.elements(encounter.get("type")):
        for _, code, _ in reading.codings(concept):
            if code in _BY_TYPE:
                return _BY_TYPE[code]
    return _BY_CLASS.get(reading.first_code(encounter.get("class")), Setting.OTHER)


def _named(references: object, names: Mapping[str, str]) -> str:
    """The displays of references, or of the things they point to."""
    found = []
    for reference in reading.elements(references):
        text = reading.reference_text(reference) or names.get(
            reading.reference_target(reference), ""
        )
        if text:
            found.append(text)
    return ", ".join(dict.fromkeys(found))


def _concepts(value: object) -> str:
    texts = [plain(reading.concept_text(concept)) for concept in reading.elements(value)]
    return ", ".join(dict.fromkeys(text for text in texts if text))


def _contact(reference: object, encounters: Mapping[str, Setting]) -> str:
    """The encounter a reference (or one of several) leads to, if we know it."""
    targets = (reading.reference_target(entry) for entry in reading.elements(reference))
    return next((target for target in targets if target in encounters), "")


def _encounter(
    resource: Element, encounters: Mapping[str, Setting], names: Mapping[str, str]
) -> Event:
    period = resource.get("period")
    until = reading.moment(period.get("end")) if isinstance(period, Mapping) else None
    who = [entry.get("individual") for entry in reading.elements(resource.get("participant"))]
    contact = f"Encounter/{resource.get('id')}"
    return Event(
        kind=Kind.ENCOUNTER,
        contact=contact,
        setting=encounters.get(contact, Setting.OTHER),
        at=reading.first_moment(resource, "period"),
        until=until,
        title=_concepts(resource.get("type")) or reading.concept_text(resource.get("class")),
        detail=_concepts(resource.get("reasonCode")),
        place=_named(resource.get("serviceProvider"), names),
        who=_named(who, names),
        status=reading.string(resource.get("status")),
    )


def _document(
    resource: Element, encounters: Mapping[str, Setting], names: Mapping[str, str]
) -> Event:
    context = resource.get("context")
    encounter = context.get("encounter") if isinstance(context, Mapping) else None
    title = next(
        (
            text
            for content in reading.elements(resource.get("content"))
            if isinstance(attachment := content.get("attachment"), Mapping)
            and (text := reading.string(attachment.get("title")))
        ),
        "",
    )
    kind = reading.concept_text(resource.get("type"))
    contact = _contact(encounter, encounters)
    return Event(
        contact=contact,
        kind=Kind.DOCUMENT,
        setting=encounters.get(contact, Setting.OTHER),
        at=reading.first_moment(resource, "date", "indexed"),
        until=None,
        title=title or reading.string(resource.get("description")) or kind,
        detail=kind if title else "",
        place=_named(resource.get("custodian"), names),
        who=_named(resource.get("author"), names),
        status=reading.string(resource.get("docStatus")),
        document_id=reading.string(resource.get("id")),
    )


def _note(resource: Element, encounters: Mapping[str, Setting], names: Mapping[str, str]) -> Event:
    """A signed note; drafts are the concern of who writes them."""
    contact = _contact(resource.get("encounter"), encounters)
    return Event(
        kind=Kind.DOCUMENT,
        contact=contact,
        setting=encounters.get(contact, Setting.OTHER),
        at=reading.first_moment(resource, "date"),
        until=None,
        title=reading.string(resource.get("title")) or reading.concept_text(resource.get("type")),
        detail="",
        place=_named(resource.get("custodian"), names),
        who=_named(resource.get("author"), names),
        status=reading.string(resource.get("status")),
        note_id=reading.string(resource.get("id")),
    )


def _report(
    resource: Element, encounters: Mapping[str, Setting], names: Mapping[str, str]
) -> Event:
    contact = _contact(resource.get("encounter"), encounters)
    return Event(
        kind=Kind.REPORT,
        contact=contact,
        setting=encounters.get(contact, Setting.OTHER),
        at=reading.first_moment(resource, "effectiveDateTime", "effectivePeriod", "issued"),
        until=None,
        title=reading.concept_text(resource.get("code")),
        detail=reading.string(resource.get("conclusion")),
        place=_named(resource.get("performer"), names),
        who="",
        status=reading.string(resource.get("status")),
    )


def _procedure(
    resource: Element, encounters: Mapping[str, Setting], names: Mapping[str, str]
) -> Event:
    performers = [entry.get("actor") for entry in reading.elements(resource.get("performer"))]
    contact = _contact(resource.get("encounter"), encounters)
    return Event(
        kind=Kind.PROCEDURE,
        contact=contact,
        setting=encounters.get(contact, Setting.OTHER),
        at=reading.first_moment(
            resource, "performedDateTime", "performedPeriod", "performedString"
        ),
        until=None,
        title=plain(reading.concept_text(resource.get("code"))),
        detail=_concepts(resource.get("reasonCode")),
        place="",
        who=_named(performers, names),
        status=reading.string(resource.get("status")),
    )


def _vaccine(
    resource: Element, encounters: Mapping[str, Setting], names: Mapping[str, str]
) -> Event:
    doses = next(reading.elements(resource.get("protocolApplied")), {})
    dose = doses.get("doseNumberPositiveInt") or doses.get("doseNumberString") or ""
    contact = _contact(resource.get("encounter"), encounters)
    return Event(
        kind=Kind.VACCINE,
        contact=contact,
        setting=encounters.get(contact, Setting.OTHER),
        at=reading.first_moment(resource, "occurrenceDateTime"),
        until=None,
        title=reading.concept_text(resource.get("vaccineCode")),
        detail=str(dose),
        place=_named(resource.get("location"), names),
        who="",
        status=reading.string(resource.get("status")),
    )


def _appointment(
    resource: Element, encounters: Mapping[str, Setting], names: Mapping[str, str]
) -> Event:
    del encounters
    actors = [
        entry.get("actor")
        for entry in reading.elements(resource.get("participant"))
        if not reading.reference_target(entry.get("actor")).startswith("Patient/")
    ]
    return Event(
        kind=Kind.APPOINTMENT,
        setting=Setting.OTHER,
        at=reading.first_moment(resource, "start"),
        until=reading.moment(resource.get("end")),
        title=reading.string(resource.get("description"))
        or _concepts(resource.get("serviceType"))
        or _concepts(resource.get("appointmentType")),
        detail=_concepts(resource.get("reasonCode")),
        place="",
        who=_named(actors, names),
        status=reading.string(resource.get("status")),
    )
