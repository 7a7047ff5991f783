"""What is left out of resources that may be seen: where a protected person is, and the national
numbers of staff (INV-40; norway.md section 3, person status).

Every path of the one door that hands out bodies passes them through :func:`shown`, and every
search asks through :func:`searched`, so that what is left out can't be found by asking for it
either:

- Address and telephone of a person with a protected address (gd-address-confidentiality), of
  those near her in her record, and of copies of them inside other resources, are left out for
  everybody but the platform itself and staff who have taken the extra step for her (an opening
  of kind 2 with that label). Search parameters and sort orders over them don't see her.
- National numbers of staff (and the birth date they begin with) are left out of what citizens
  and apps get; nobody of these finds staff by such a number.

What was cut is tagged SUBSETTED (http://hl7.org/fhir/R4/resource.html#tag-subsetted), which a
write refuses; :func:`refuse_blind` refuses to change what one sees only in part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

import msgspec
import orjson

from fellesjournal.access.labels import PROTECTED_ADDRESS, labels_of
from fellesjournal.access.sessions import Session
from fellesjournal.access.smart.sessions import SmartSession
from fellesjournal.access.whereabouts import (
    NOBODY_SEES_WHERE,
    PERSONS,
    STAFF_SEES_WHERE,
    where_parameters,
)
from fellesjournal.fhir.definitions import type_name, type_number
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.registry.numbers import DNR_SYSTEM, FNR_SYSTEM
from fellesjournal.store.history import HistoryPage
from fellesjournal.store.read import Stored
from fellesjournal.store.search import SearchPage
from fellesjournal.store.visibility import Visibility

_WHOLES = frozenset({"Bundle", "Parameters"})
_WHEREABOUTS = frozenset({"address", "_address", "telecom", "_telecom"})
_ELSEWHERE = frozenset({"valueAddress", "valueContactPoint"})
_SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
}
PERSON_NUMBERS = frozenset(
    {
        FNR_SYSTEM,
        DNR_SYSTEM,
        "http://hl7.no/fhir/NamingSystem/FNR",
        "http://hl7.no/fhir/NamingSystem/DNR",
    }
)
"""Systems of national numbers; those of staff are left out."""

_NUMBER_MARKS = tuple(f'"{system}"'.encode() for system in sorted(PERSON_NUMBERS))
_PLACE_MARKS = (b'"address"', b'"telecom"', b'"valueAddress"', b'"valueContactPoint"')
_MARKS = (b'"contained"', b'"Practitioner"', *_PLACE_MARKS[2:], *_NUMBER_MARKS)
_SPELLED = re.compile(rb"\\(?:u00[2-7]|/)")
"""What is printable ASCII, as all marks are, written as an escape (RFC 8259 § 7): a mark could be
spelled so. Letters such as ø are escaped by many writers, and hide none.
"""
_TELLING = PERSONS | _WHOLES | {"Practitioner"}
# Where a reference by number means a patient or somebody near to her, not staff.
_OF_PATIENTS = frozenset({"patient", "subject", "beneficiary", "for", "individual", "subscriber"})
_ELEVEN_DIGITS = re.compile(r"\d{11}")
_ABSENT = object()
_decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


# --- bodies -------------------------------------------------------------------------------------


def shown(session: Session, found: Sequence[Stored], *, stand: bool = False) -> list[Stored]:
    """The same versions in their order, as far as the session may see into them.

    ``stand``: they are whole, and no version came after: a Patient's own labels then tell
    whether she is protected, and nothing has to be asked.
    """
    if session.is_unbounded or _is_plain(found):
        return list(found)
    asked = [
        n
        for n, stored in enumerate(found)
        if _may_tell_where(stored) and not (stand and _is_open(stored))
    ]
    hidden = _whereabouts_hidden(session, found, asked)
    numberless = session.kind == "citizen" or isinstance(session, SmartSession)
    if not hidden and not numberless:
        return list(found)
    return [
        _cut(stored, Cut(whereabouts=n in hidden, numbers=numberless))
        for n, stored in enumerate(found)
    ]


def shown_one(session: Session, stored: Stored) -> Stored:
    """As :func:`shown`, for one version that stands."""
    return shown(session, [stored], stand=True)[0]


def shown_page(session: Session, page: SearchPage) -> SearchPage:
    """A page of a search with everything on it as the session may see it."""
    if not session.is_unbounded:
        both = shown(session, [*page.matches, *page.included])
        page.matches, page.included = both[: len(page.matches)], both[len(page.matches) :]
    return page


def shown_history(session: Session, page: HistoryPage) -> HistoryPage:
    """A page of versions, each as the session may see it."""
    if session.is_unbounded:
        return page
    cut = shown(session, [event.stored for event in page.events])
    events = [replace(e, stored=stored) for e, stored in zip(page.events, cut, strict=True)]
    return replace(page, events=events)


def refuse_blind(session: Session, keys: Iterable[tuple[str, str]]) -> None:
    """Before (type, id) are changed: who sees only a part would lose or probe the rest.

    Raises NotAllowed. What may not be seen at all is for others to answer.
    """
    wanted = [key for key in keys if key[0] in PERSONS or key[0] == "Practitioner"]
    if session.is_unbounded or not wanted:
        return
    rows = session.connection().execute(
        "select r.rid, r.type, r.fhir_id, r.version, r.seq, r.patient, v.body"
        " from unnest(%s::smallint[], %s::text[]) w(type, id)"
        " join store.resource r on r.type = w.type and r.fhir_id = w.id and not r.deleted"
        " join store.version v on v.rid = r.rid and v.version = r.version"
        f" where {session.visibility.sql('r')}",
        [[type_number(name) for name, _ in wanted], [fhir_id for _, fhir_id in wanted]],
    )
    stood = [Stored(rid, type_name(number), *rest) for rid, number, *rest in rows]
    for before, after in zip(stood, shown(session, stood), strict=True):
        if before.body != after.body:
            raise NotAllowed(
                f"{before.reference}: a part of it is hidden from you; only who sees all of it"
                " may change it",
                code="forbidden",
            )


# --- whose whereabouts ----------------------------------------------------------------------------


_PROTECTED = "select r.rid, r.labels & {mask}, {opened} from store.resource r where r.rid = any(%s)"
_OPENED = (
    "coalesce((select bit_or(o.labels) from access.opening o where o.patient = r.rid and o.kind = 2"
    " and o.practitioner = current_setting('fj.person')::bigint"
    " and o.role = current_setting('fj.role')::bigint"
    " and o.starts <= current_setting('fj.now')::bigint"
    " and o.ends > current_setting('fj.now')::bigint), 0)"
)


def _whereabouts_hidden(
    session: Session, found: Sequence[Stored], asked: Sequence[int]
) -> frozenset[int]:
    """Of the places ``asked`` in ``found``, those whose address and telephone are left out.

    Asked of what stands now: an earlier version from before the protection tells as much.
    """
    if not asked:
        return frozenset()
    numbers = {number for n in asked for number in (found[n].rid, found[n].patient)} - {0}
    opened = _OPENED if session.kind == "staff" else "0"
    rows = session.connection().execute(
        _PROTECTED.format(mask=int(PROTECTED_ADDRESS), opened=opened), [sorted(numbers)]
    )
    known = {rid: (labels, steps) for rid, labels, steps in rows}
    return frozenset(n for n in asked if _needs(found[n], known))


def _needs(stored: Stored, known: Mapping[int, tuple[int, int]]) -> bool:
    itself, of_patient = known.get(stored.rid, (0, 0)), known.get(stored.patient, (0, 0))
    protected = itself[0] | of_patient[0] | _labels_in(stored.body or b"")
    return bool(protected & ~(itself[1] | of_patient[1]))


def _labels_in(body: bytes) -> int:
    if b"address-confidentiality" not in body and not _is_spelled(body):
        return 0
    return _labels_of_all(orjson.loads(body)) & int(PROTECTED_ADDRESS)


def _labels_of_all(value: Any) -> int:
    """The labels of a resource and of those inside it."""
    if isinstance(value, list):
        return reduce(or_, map(_labels_of_all, value), 0)
    if not isinstance(value, dict):
        return 0
    own = labels_of(value) if "resourceType" in value else 0
    return own | _labels_of_all(list(value.values()))


def _is_plain(found: Sequence[Stored]) -> bool:
    """Whether nothing in any of them can be left out: told of most pages by one look at all."""
    if any(stored.type in _TELLING for stored in found):
        return False
    together = b"\n".join([stored.body or b"" for stored in found])
    return not any(mark in together for mark in _MARKS) and not _is_spelled(together)


def _is_spelled(body: bytes) -> bool:
    """Whether marks may stand in it that a look for them does not find."""
    return b"\\" in body and _SPELLED.search(body) is not None


def _may_tell_where(stored: Stored) -> bool:
    body = stored.body
    if body is None or not (stored.type in PERSONS or _holds_others(stored.type, body)):
        return False
    return any(mark in body for mark in _PLACE_MARKS) or _is_spelled(body)


def _is_open(stored: Stored) -> bool:
    """A Patient as she stands, without a label of protection."""
    return stored.rid == stored.patient and not _labels_in(stored.body or b"")


def _holds_others(kind: str, body: bytes) -> bool:
    """Whether other resources, or addresses in extensions, may be inside."""
    return (
        kind in _WHOLES
        or b'"contained"' in body
        or any(mark in body for mark in _PLACE_MARKS[2:])
        or _is_spelled(body)
    )


# --- cutting --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cut:
    """What is to be left out of a body."""

    whereabouts: bool
    numbers: bool

    def of(self, key: str, value: Any, kind: str) -> Any:
        """What remains of the member ``key`` of a resource of type ``kind``; _ABSENT: nothing."""
        if self.whereabouts:
            if key in _ELSEWHERE or (kind in PERSONS and key in _WHEREABOUTS):
                return _ABSENT
            if kind in PERSONS and key in {"text", "_text"}:
                return _ABSENT  # a narrative tells what the elements tell
        if self.numbers and kind == "Practitioner":
            if key in {"birthDate", "_birthDate", "text"}:
                return _ABSENT
            if key == "identifier":
                return _kept([each for each in value if not _is_number(each)])
        return self.inside(key, value, kind)

    def inside(self, key: str, value: Any, kind: str) -> Any:
        """What remains of a value and all it holds."""
        if isinstance(value, list):
            return _kept(
                [kept for each in value if (kept := self.inside(key, each, kind)) is not _ABSENT]
            )
        if not isinstance(value, dict):
            return value
        kind = str(value.get("resourceType", kind))
        if self.numbers and _is_staff_pointer(key, value):
            value = {name: inner for name, inner in value.items() if name != "identifier"}
        return {
            name: kept
            for name, inner in value.items()
            if (kept := self.of(name, inner, kind)) is not _ABSENT
        }


def _cut(stored: Stored, cut: Cut) -> Stored:
    body = stored.body
    if body is None or not (cut.whereabouts or _may_tell_numbers(stored, body)):
        return stored
    # members that stay whole keep their bytes: decimals their digits, strings their escapes
    members: dict[str, Any] = dict(_decode(body))
    changed = False
    for name, raw in list(members.items()):
        value = orjson.loads(bytes(raw))
        kept = cut.of(name, value, stored.type)
        if kept is _ABSENT:
            del members[name]
        elif kept != value:
            members[name] = msgspec.Raw(orjson.dumps(kept))
        changed |= kept is _ABSENT or kept != value
    if not changed:
        return stored
    members["meta"] = msgspec.Raw(orjson.dumps(_tagged(members.get("meta"))))
    return replace(stored, body=msgspec.json.encode(members))


def _tagged(raw: msgspec.Raw | None) -> dict[str, Any]:
    meta = {} if raw is None else orjson.loads(bytes(raw))
    tags = meta.get("tag", [])
    if not any(tag.get("code") == "SUBSETTED" for tag in tags):
        meta["tag"] = [*tags, _SUBSETTED]
    return dict(meta)


def _may_tell_numbers(stored: Stored, body: bytes) -> bool:
    if stored.type == "Practitioner" or b'"Practitioner"' in body:
        return True
    return any(mark in body for mark in _NUMBER_MARKS) or _is_spelled(body)


def _kept(values: list[Any]) -> Any:
    return values or _ABSENT


def _is_number(identifier: Any) -> bool:
    return isinstance(identifier, dict) and identifier.get("system") in PERSON_NUMBERS


def _is_staff_pointer(key: str, value: Mapping[str, Any]) -> bool:
    """A Reference that names somebody by a national number and does not say it is a citizen."""
    if "resourceType" in value or not _is_number(value.get("identifier")):
        return False
    kind = value.get("type") or str(value.get("reference", "")).split("/")[0]
    if kind in PERSONS:
        return False
    return kind in {"Practitioner", "PractitionerRole"} or key not in _OF_PATIENTS


# --- searching ------------------------------------------------------------------------------------


def searched(session: Session) -> Visibility:
    """What the session may see, and by what it may be searched."""
    if session.is_unbounded:
        return session.visibility
    guard = _guard_of_staff if session.kind == "staff" else _guard_of_others
    if isinstance(session, SmartSession) and session.kind == "staff":
        guard = _guard_of_staff_apps
    return replace(session.visibility, guard=guard)


def _guard_of_staff(kind: str, code: str, values: Sequence[str] | None) -> str | None:
    del values
    return STAFF_SEES_WHERE if code in where_parameters(kind) else None


def _guard_of_staff_apps(kind: str, code: str, values: Sequence[str] | None) -> str | None:
    return _number_guard(kind, code, values) or _guard_of_staff(kind, code, values)


def _guard_of_others(kind: str, code: str, values: Sequence[str] | None) -> str | None:
    found = _number_guard(kind, code, values)
    return found or (NOBODY_SEES_WHERE if code in where_parameters(kind) else None)


def _number_guard(kind: str, code: str, values: Sequence[str] | None) -> str | None:
    """Nothing is found, and nothing ordered, by what may be a national number of staff."""
    if kind != "Practitioner" or code not in {"identifier", "birthdate"}:
        return None
    if values is None or any(_ELEVEN_DIGITS.search(value) for value in values):
        return "false"
    return None


__all__ = [
    "PERSON_NUMBERS",
    "refuse_blind",
    "searched",
    "shown",
    "shown_history",
    "shown_one",
    "shown_page",
]
