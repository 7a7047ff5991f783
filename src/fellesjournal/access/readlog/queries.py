"""Reading the log: lines, newest first, with stable paging, and the names behind their numbers.

Who may ask is for the caller to decide: the citizen about herself, a leader about her unit, the
data protection officer about everybody (INV-40 holds for what is shown, not for what is read).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

from fellesjournal.access.readlog.acts import Act, Outcome
from fellesjournal.access.readlog.times import moment_of, number_at
from fellesjournal.access.smart.clients import client_names
from fellesjournal.fhir import bodies
from fellesjournal.fhir.definitions import type_name, type_number

Database = psycopg.Connection[Any]
Resource = Mapping[str, Any]
_KEY = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Who:
    """Who acted: references and codes as the session had them; '' where it had none."""

    person: str
    role: str
    unit: str
    organisation: str
    purpose: str
    app: str = ""
    """The client_id of the app it was done through; "" for none."""

    @property
    def is_system(self) -> bool:
        """Whether this is the platform itself or a client of its own."""
        return self.role == "system" or self.person.startswith("system:")

    @property
    def is_staff(self) -> bool:
        """Whether this is somebody at work."""
        return self.person.startswith("Practitioner/")


@dataclass(frozen=True, slots=True)
class Line:
    """One act. ``patients`` and ``resources`` are numbers of store.resource, 0 for one that was
    asked for and is not there; ``grounds`` has, for each patient, kind (policy/kinds.py) and
    source, None where there was none.
    """

    id: int
    chain: int
    who: Who
    act: Act
    type: str | None
    outcome: Outcome
    areas: int
    decision: int
    patients: tuple[int, ...]
    grounds: Mapping[int, tuple[int | None, int | None]]
    resources: tuple[int, ...]

    @property
    def at(self) -> datetime:
        """When, aware, in UTC."""
        return moment_of(self.id)

    @property
    def key(self) -> str:
        """Names the line for good, and is its place in pages: ``id.chain``."""
        return f"{self.id}.{self.chain}"

    def kind(self, patient: int) -> int | None:
        """The kind of ground this patient was seen on."""
        return self.grounds.get(patient, (None, None))[0]


def lines(
    database: Database,
    *,
    patient: int | None = None,
    person: str | None = None,
    unit: str | None = None,
    by_staff: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: str | None = None,
    limit: int = 100,
) -> list[Line]:
    """At most ``limit`` lines, newest first, that meet all conditions.

    ``patient`` is a number of store.resource, ``person`` and ``unit`` are references;
    ``by_staff`` takes those of staff only, or (False) those of everybody else;
    ``since`` and ``until`` a half-open period, both aware. ``before`` is the ``key`` of the
    last line of the page before: lines written meanwhile don't move a page. Raises ValueError
    for a ``before`` that is no key.
    """
    conditions, values = ["true"], list[Any]()
    if patient is not None:
        conditions.append("l.patients @> array[%s::bigint]")
        values.append(patient)
    for column, reference in (("person", person), ("unit", unit)):
        if reference is not None:
            conditions.append(
                f"l.who in (select w.number from access.log_who w where w.{column} = %s)"
            )
            values.append(reference)
    if by_staff is not None:
        conditions.append(
            "l.who in (select w.number from access.log_who w"
            " where starts_with(w.person, 'Practitioner/') = %s)"
        )
        values.append(by_staff)
    if since is not None:
        conditions.append("l.id >= %s")
        values.append(number_at(since))
    if until is not None:
        conditions.append("l.id < %s")
        values.append(number_at(until))
    if before is not None:
        at, chain = (int(part) for part in before.split("."))
        conditions.append("(l.id, l.chain) < (%s, %s)")
        values += [at, chain]
    return _found(database, " and ".join(conditions), [*values, limit])


def line(database: Database, key: str) -> Line | None:
    """One line by its key; None for a key of no line, or that is no key."""
    return next(iter(lines_by(database, [key])), None)


def lines_by(database: Database, keys: Sequence[str]) -> list[Line]:
    """The lines of these keys that are there, newest first; keys of no line are left out."""
    found = [_KEY.fullmatch(key) for key in keys]
    pairs = [(int(each[1]), int(each[2])) for each in found if each]
    if not pairs:
        return []
    named = "(l.id, l.chain) in (select * from unnest(%s::bigint[], %s::bigint[]))"
    at, chains = [at for at, _ in pairs], [chain for _, chain in pairs]
    return _found(database, named, [at, chains, len(pairs)])


def _found(database: Database, condition: str, values: Sequence[Any]) -> list[Line]:
    rows = database.execute(
        "select l.id, l.chain, w.person, w.role, w.unit, w.organisation, w.purpose, w.app, l.act, l.type, l.outcome,"
        " l.areas, l.decision, l.patients, l.kinds, l.sources, l.resources"
        " from access.log l left join lateral"
        " (select * from access.log_who w where w.number = l.who limit 1) w on true"
        f" where {condition} order by l.id desc, l.chain desc limit %s",
        values,
    )
    return [_line(row) for row in rows]


def _line(row: Sequence[Any]) -> Line:
    (at, chain, person, role, unit, organisation, purpose, app, act, number, outcome, areas, decision,
     patients, kinds, sources, resources) = row  # fmt: skip
    grounds = dict(zip(patients, zip(kinds, sources, strict=False), strict=False))
    return Line(
        id=at,
        chain=chain,
        who=Who(person or "", role or "", unit or "", organisation or "", purpose or "", app or ""),
        act=Act(act),
        type=type_name(number) if number else None,
        outcome=Outcome(outcome),
        areas=areas,
        decision=decision,
        patients=tuple(patients),
        grounds=grounds,
        resources=tuple(resources),
    )


# --- names --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers and references of some lines stand for, as the record has it now.

    ``resources``: the resource of each reference that could be read, such as
    ``Practitioner/1``; ``references``: reference and patient of each number; ``apps``: the
    name that each app (client_id) is registered by.
    """

    resources: Mapping[str, Resource] = field(default_factory=dict)
    references: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    apps: Mapping[str, str] = field(default_factory=dict)

    def reference(self, number: int) -> str:
        """The reference of a number; '' for none."""
        return self.references.get(number, ("", 0))[0]

    def resource(self, reference: str) -> Resource:
        """The resource of a reference; empty when it is gone or not to be seen."""
        return self.resources.get(reference, {})

    def app(self, client_id: str) -> str:
        """What to call an app: its name, or its id when it is registered no more."""
        return self.apps.get(client_id, client_id)

    def name(self, reference: str) -> str:
        """What to call a person, unit or organisation; '' when it has no name here."""
        given = self.resource(reference).get("name")
        if isinstance(given, str):
            return given
        for name in given or ():
            parts = [*name.get("given", ()), name.get("family", "")]
            text = name.get("text") or " ".join(filter(None, parts))
            if text:
                return str(text)
        return ""


def names_of(database: Database, found: Iterable[Line]) -> Names:
    """Names of those who acted, of the patients, and the references of all resources.

    Bodies are read under whatever condition the connection carries.
    """
    wanted = list(found)
    numbers = {number for line in wanted for number in (*line.patients, *line.resources)} - {0}
    references = {
        number: (f"{type_name(kind)}/{fhir_id}", patient)
        for number, kind, fhir_id, patient in database.execute(
            "select r.rid, r.type, r.fhir_id, r.patient from store.resource r where r.rid = any(%s)",
            [sorted(numbers)],
        )
    }
    shown = {
        reference
        for line in wanted
        for reference in (line.who.person, line.who.unit, line.who.organisation)
    }
    shown |= {references[n][0] for line in wanted for n in line.patients if n in references}
    apps = client_names(database, {line.who.app for line in wanted} - {""})
    return Names(bodies_of(database, shown), references, apps)


def bodies_of(database: Database, references: Iterable[str]) -> dict[str, Resource]:
    """The versions that stand of these references; what is no reference or not there is left out."""
    pairs = [reference.split("/") for reference in references]
    known = sorted((p[0], p[1]) for p in pairs if len(p) == 2 and _is_type(p[0]))
    rows = database.execute(
        "select r.type, r.fhir_id, v.body from unnest(%s::smallint[], %s::text[]) w(type, fhir_id)"
        " join store.resource r on r.type = w.type and r.fhir_id = w.fhir_id"
        " join store.version v on v.rid = r.rid and v.version = r.version where v.body is not null",
        [[type_number(name) for name, _ in known], [fhir_id for _, fhir_id in known]],
    )
    return {
        f"{type_name(number)}/{fhir_id}": bodies.parse(body).data for number, fhir_id, body in rows
    }


def _is_type(name: str) -> bool:
    return name in {"Practitioner", "Patient", "Organization", "HealthcareService", "Device"}


def number_of(database: Database, reference: str) -> int | None:
    """The number of a reference; None when nothing was ever there."""
    kind, _, fhir_id = reference.partition("/")
    row = database.execute(
        "select rid from store.resource where type = %s and fhir_id = %s and version > 0",
        [type_number(kind), fhir_id],
    ).fetchone()
    return None if row is None else int(row[0])
