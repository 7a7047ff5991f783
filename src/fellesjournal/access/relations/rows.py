"""The facts of the policy, written in the transaction of the resources they follow from.

Grounds, employments, blocks and releases are derived data, like the search index: what is
stored here can be derived again from the bodies at any time. Nobody changes them by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
import psycopg

from fellesjournal.access.addresses import own_bases
from fellesjournal.access.blocks.derive import blocks_of
from fellesjournal.access.labels import DELAYED, Label, labels_of, releases_of
from fellesjournal.access.moments import end_of, start_of
from fellesjournal.access.policy.roles import STAFF_ROLE_SYSTEM
from fellesjournal.access.relations.derive import GROUNDING_TYPES, grounds_of, is_oversight
from fellesjournal.access.signed import is_not_signed
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.references import local
from fellesjournal.foundation import clock
from fellesjournal.store.commit import Change, Committed

STANDS_IN_FOR = "https://fellesjournal.example/fhir/StructureDefinition/stands-in-for"
"""Our extension on a PractitionerRole: whom a substitute stands in for while it lasts."""

_ALWAYS, _FOREVER = 0, 1 << 62
DERIVED_TYPES = GROUNDING_TYPES | {
    "Practitioner", "PractitionerRole", "Organization", "HealthcareService", "CareTeam", "Consent", "ResearchStudy",
}  # fmt: skip
# A study in one of these is approved (http://hl7.org/fhir/R4/valueset-research-study-status.html).
_APPROVED = frozenset(
    {"approved", "active", "closed-to-accrual", "closed-to-accrual-and-intervention"}
)
# Where a resource says whom it is about; performers and senders are no patients of it.
_ABOUT = ("subject", "patient", "for", "beneficiary", "individual", "focus")
# The same of types that name their patients one by one: the repeating element, and in it ("": itself).
_ABOUT_EACH: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Appointment": (("participant", "actor"),),
    "AuditEvent": (("agent", "who"), ("entity", "what")),
    "Group": (("member", "entity"),),
    "Provenance": (("target", ""),),
}

# The tables in schema access, in the order of Rows.lists.
TABLES = (
    "employment", "part_of", "member", "ground", "block", "release", "also_about", "inactive",
)  # fmt: skip

Key = tuple[str, str]
Row = dict[str, Any]


def labels_to_store(data: Mapping[str, Any]) -> int:
    """The label bits of a resource, with those that follow from what it says elsewhere."""
    labels = labels_of(data)
    if len(patients_about(data)) > 1:
        labels |= Label.SEVERAL_PATIENTS
    if is_oversight(data):
        labels |= Label.REVIEW
    if is_not_signed(data):
        labels |= Label.NOT_SIGNED
    return labels


def patients_about(data: Mapping[str, Any]) -> list[str]:
    """Ids of the patients a resource is about, in order of appearance."""
    if data.get("resourceType") in {"Patient", "Person", "RelatedPerson"}:
        return []
    pointers: list[Any] = []
    for name in _ABOUT:
        value = data.get(name)
        pointers += value if isinstance(value, list) else [value]
    for element, name in _ABOUT_EACH.get(str(data.get("resourceType")), ()):
        pointers += [part.get(name) if name else part for part in _dicts(data.get(element))]
    found = (_local(pointer, own_bases()) for pointer in pointers)
    return list(dict.fromkeys(key[1] for key in found if key and key[0] == "Patient"))


@dataclass(slots=True)
class Rows:
    """Rows of each table, as :func:`rows_of` finds them with (type, id) for each number."""

    employments: list[Row] = field(default_factory=list)
    parts: list[Row] = field(default_factory=list)
    members: list[Row] = field(default_factory=list)
    grounds: list[Row] = field(default_factory=list)
    blocks: list[Row] = field(default_factory=list)
    releases: list[Row] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)
    inactives: list[Row] = field(default_factory=list)

    def lists(self) -> list[list[Row]]:
        """In the order of access.derive."""
        return [
            self.employments, self.parts, self.members, self.grounds, self.blocks,
            self.releases, self.others, self.inactives,
        ]  # fmt: skip


def must_derive(change: Change) -> bool:
    """Whether anything follows from a change, so that it needs a transaction around it."""
    return change.type in DERIVED_TYPES or bool(change.labels & (DELAYED | Label.SEVERAL_PATIENTS))


def derive(
    database: psycopg.Connection[Any], changes: Sequence[Change], committed: Sequence[Committed]
) -> None:
    """Replace what followed from the earlier versions; inside the transaction of the commit.

    What has ended already is not kept: a history that is brought in gives no access.
    """
    rows = Rows()
    sources: list[int] = []
    now = clock.microseconds(clock.now())
    for change, done in zip(changes, committed, strict=True):
        if not must_derive(change) and done.version == 1:
            continue
        before = sum(map(len, rows.lists()))
        if change.body is not None:
            rows_of(change.body.data, done.rid, done.patient, done.version, now, into=rows)
        elif change.type == "Practitioner":
            rows.inactives.append({"source": done.rid})  # who is deleted works nowhere either
        if done.version > 1 or sum(map(len, rows.lists())) > before:
            sources.append(done.rid)
    if sources:
        _store(database, sources, rows)


def _store(database: psycopg.Connection[Any], sources: list[int], rows: Rows) -> None:
    lists = [orjson.dumps(listed).decode() for listed in numbered(database, rows)]
    places = ", ".join(["%s::jsonb"] * len(lists))
    database.execute(f"select access.derive(%s::bigint[], {places})", [sources, *lists])


def numbered(database: psycopg.Connection[Any], rows: Rows) -> list[list[Row]]:
    """The rows of each table with numbers for (type, id); heads that are missing are made."""
    keys = sorted({key for listed in rows.lists() for row in listed for key in _keys(row)})
    numbers: dict[Key, int] = {}
    if keys:
        found = database.execute(
            "select store.heads(%s::smallint[], %s::text[])",
            [[type_number(name) for name, _ in keys], [fhir_id for _, fhir_id in keys]],
        ).fetchone()
        assert found is not None  # a select without from always answers
        numbers = dict(zip(keys, found[0], strict=True))
    return [[_numbered(row, numbers) for row in listed] for listed in rows.lists()]


def _keys(row: Row) -> Iterable[Key]:
    for value in row.values():
        if isinstance(value, tuple):
            yield value
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, tuple))


def _numbered(row: Row, numbers: Mapping[Key, int]) -> Row:
    return {name: _number(value, numbers) for name, value in row.items()}


def _number(value: Any, numbers: Mapping[Key, int]) -> Any:
    if isinstance(value, tuple):
        return numbers[value]
    if isinstance(value, list):
        return [_number(item, numbers) for item in value]
    return value


def rows_of(
    data: dict[str, Any],
    source: int,
    patient: int,
    version: int,
    now: int,
    *,
    into: Rows | None = None,
) -> Rows:
    """What follows from a version of a valid resource with this number in the record of this
    patient (0: none), but for what ended before ``now`` (microseconds since 1970).
    """
    rows = Rows() if into is None else into
    rows.grounds += [row for row in _grounds(data, source, patient) if row["ends"] > now]
    rows.blocks += [row for row in _blocks(data, source, patient) if row["ends"] > now]
    rows.releases += [
        {"source": source, "label": int(label), "ends": clock.microseconds(until)}
        for label, until in releases_of(data)
    ]
    about = patients_about(data)
    if len(about) > 1:
        rows.others += [
            {"source": source, "version": version, "patient": ("Patient", each)} for each in about
        ]
    match data["resourceType"]:
        case "Practitioner":
            rows.inactives += [{"source": source}] if data.get("active") is False else []
        case "PractitionerRole":
            rows.employments += _employment(data, source)
        case "Organization":
            rows.parts += _part(data.get("partOf"), source)
        case "HealthcareService":
            rows.parts += _part(data.get("providedBy"), source)
        case "CareTeam":
            rows.members += _members(data, source)
        case "ResearchStudy":
            rows.members += _investigator(data, source)
    return rows


def _grounds(data: dict[str, Any], source: int, patient: int) -> Iterable[Row]:
    if patient == 0:
        return
    for ground in grounds_of(data):
        yield {
            "patient": patient,
            "holder": ground.holder,
            "kind": int(ground.kind),
            "starts": _at(ground.starts, _ALWAYS),
            "ends": _at(ground.ends, _FOREVER),
            "source": source,
        }


def _blocks(data: dict[str, Any], source: int, patient: int) -> Iterable[Row]:
    if data["resourceType"] != "Consent" or patient == 0:
        return
    for block in blocks_of(data):
        yield {
            "patient": patient,
            "source": source,
            "holders": list(block.holders),
            "all_but": block.all_but,
            "areas": int(block.areas),
            "resource": block.resource or 0,
            "starts": _at(block.starts, _ALWAYS),
            "ends": _at(block.ends, _FOREVER),
            **_care(block.care_from, block.care_to),
        }


def _care(starts: datetime | None, ends: datetime | None) -> Row:
    """The period of the care that is meant; two nulls for care of any time."""
    if starts is None and ends is None:
        return {"care_lo": None, "care_hi": None}
    # not _ALWAYS: care before 1970 is care too
    return {"care_lo": _at(starts, -_FOREVER), "care_hi": _at(ends, _FOREVER)}


def _employment(data: dict[str, Any], source: int) -> Iterable[Row]:
    """One row per PractitionerRole: its first known code counts."""
    who, where = _local(data.get("practitioner")), _local(data.get("organization"))
    if who is None or where is None or data.get("active") is False:
        return
    codes = [
        coding.get("code")
        for concept in _dicts(data.get("code"))
        for coding in _dicts(concept.get("coding"))
        if coding.get("system") == STAFF_ROLE_SYSTEM
    ]
    try:
        starts, ends = _period(data.get("period"))
    except ValueError:
        return  # a role whose time can't be read gives nothing
    if not codes:
        return
    stands_in = [
        key
        for extension in _dicts(data.get("extension"))
        if extension.get("url") == STANDS_IN_FOR
        and (key := _local(extension.get("valueReference")))
    ]
    yield {
        "source": source, "practitioner": who, "unit": where, "code": codes[0],
        "starts": starts, "ends": ends, "stands_in_for": stands_in,
    }  # fmt: skip


def _part(pointer: Any, source: int) -> list[Row]:
    parent = _local(pointer)
    return [] if parent is None else [{"source": source, "parent": parent}]


def _members(data: dict[str, Any], source: int) -> Iterable[Row]:
    if data.get("status", "active") != "active":
        return
    for participant in _dicts(data.get("participant")):
        member = _local(participant.get("member"))
        try:
            starts, ends = _period(participant.get("period"))
        except ValueError:
            continue  # when she was a member can't be read: she is none
        if member is not None:
            yield {"source": source, "member": member, "starts": starts, "ends": ends}


def _investigator(data: dict[str, Any], source: int) -> Iterable[Row]:
    """Who may see the cohort of an approved study, as long as the study lasts."""
    member = _local(data.get("principalInvestigator"))
    if member is None or data.get("status") not in _APPROVED:
        return
    try:
        starts, ends = _period(data.get("period"))
    except ValueError:
        return  # until when it is approved can't be read: it is not
    yield {"source": source, "member": member, "starts": starts, "ends": ends}


def _period(value: Any) -> tuple[int, int]:
    if not isinstance(value, dict):
        return _ALWAYS, _FOREVER
    start, end = value.get("start"), value.get("end")
    return (
        _at(start_of(start) if isinstance(start, str) else None, _ALWAYS),
        _at(end_of(end) if isinstance(end, str) else None, _FOREVER),
    )


def _at(moment: datetime | None, open_end: int) -> int:
    return open_end if moment is None else clock.microseconds(moment)


def _local(pointer: Any, bases: tuple[str, ...] = ()) -> Key | None:
    """Type and id of a reference to this server; absolute ones only of these ``bases``."""
    text = pointer.get("reference") if isinstance(pointer, dict) else None
    found = local(text) if isinstance(text, str) else None
    if found is None or (found.base and found.base not in bases):
        return None
    return found.type, found.id


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


__all__ = [
    "DERIVED_TYPES",
    "TABLES",
    "Rows",
    "derive",
    "labels_to_store",
    "must_derive",
    "numbered",
    "patients_about",
    "rows_of",
]
