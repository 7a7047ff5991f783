"""The bytes of a merge: references turned from one Patient to another, and the two Patients.

Pure, and exact: every byte that does not change by the merge stays, so that decimals keep their
digits and taking the change back gives the same bytes again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

from fellesjournal.fhir import bodies, references
from fellesjournal.fhir.bodies import Body
from fellesjournal.store.indexing import UNIQUE_SYSTEMS


def _spelt(key: str) -> str:
    """A key in JSON, each letter plain or as an escape."""
    return "".join(f"(?:{letter}|\\\\u00(?i:{ord(letter):02x}))" for letter in key)


_REFERENCE = re.compile(rf'(?P<key>"{_spelt("reference")}":)"(?P<value>(?:[^"\\]|\\.)*)"'.encode())
_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_items = msgspec.json.Decoder(list[msgspec.Raw]).decode


@dataclass(frozen=True, slots=True)
class Place:
    """Where a Reference stood (a JSON pointer to its ``reference``) and what it said."""

    path: str
    said: str


def turned(
    body: Body, source: str, target: str, own_bases: tuple[str, ...] = ()
) -> tuple[Body, list[Place]]:
    """The body with every Reference to ``Patient/source`` leading to ``Patient/target``.

    Answers the places that changed, none for an untouched body. A reference to one version of
    the source stays: the target has no such version.
    """

    def replacement(place: Place) -> str | None:
        found = references.local(place.said)
        if found is None or (found.type, found.id) != ("Patient", source):
            return None
        if found.version is not None or (found.base is not None and found.base not in own_bases):
            return None
        address, mark, fragment = place.said.partition("#")
        return address.removesuffix(source) + target + mark + fragment

    return _replaced(body, replacement)


def put_back(
    body: Body, places: list[Place], target: str, own_bases: tuple[str, ...] = ()
) -> tuple[Body, list[Place]]:
    """The body with each of the places saying again what it said; and the places that don't.

    Only a place that still leads to ``Patient/target`` is put back: anything else was changed
    by somebody who knew why.
    """
    said = {place.path: place.said for place in places}

    def replacement(place: Place) -> str | None:
        before = said.get(place.path)
        if before is None:
            return None
        now = references.local(place.said)
        is_ours = (
            now is not None
            and (now.type, now.id, now.version) == ("Patient", target, None)
            and (now.base is None or now.base in own_bases)
        )
        return before if is_ours else None

    changed, _ = _replaced(body, replacement)
    says = {place.path: place.said for place in _places(changed.data, "")}
    return changed, [Place(*each) for each in said.items() if says.get(each[0]) != each[1]]


def source_after(patient: Body, target: str) -> Body:
    """The Patient that is merged into another: out of use, with a link to it."""
    link = {"other": {"reference": f"Patient/{target}"}, "type": "replaced-by"}
    return _with(patient, {"active": b"false", "link": _appended(patient, "link", [link])})


def source_before(patient: Body, target: str, *, active: bool | None) -> Body:
    """The same Patient out of the merge again; ``active`` is what it said before."""
    was = None if active is None else orjson.dumps(active)
    return _with(patient, {"active": was, "link": _without_link(patient, target, "replaced-by")})


def target_after(patient: Body, source_id: str, source: Mapping[str, Any]) -> Body:
    """The Patient that another is merged into: with a link to it and with its numbers.

    A national number of a kind the Patient has already is kept as an old one: nobody has two
    in use.
    """
    known = {(each.get("system"), each.get("value")) for each in _identifiers(patient.data)}
    in_use = {
        each.get("system") for each in _identifiers(patient.data) if each.get("use") != "old"
    } & UNIQUE_SYSTEMS["Patient"]
    added = [
        {**each, "use": "old"} if each.get("system") in in_use else dict(each)
        for each in _identifiers(source)
        if (each.get("system"), each.get("value")) not in known
    ]
    link = {"other": {"reference": f"Patient/{source_id}"}, "type": "replaces"}
    return _with(
        patient,
        {
            "identifier": _appended(patient, "identifier", added),
            "link": _appended(patient, "link", [link]),
        },
    )


def target_before(
    patient: Body, source_id: str, source: Mapping[str, Any], before: Mapping[str, Any]
) -> Body:
    """The same Patient without the link and the numbers it got.

    ``source`` and ``before`` are the two Patients as they were before the merge.
    """
    kept = {(each.get("system"), each.get("value")) for each in _identifiers(before)}
    got = {(each.get("system"), each.get("value")) for each in _identifiers(source)} - kept
    identifiers = _kept(
        patient, "identifier", lambda each: (each.get("system"), each.get("value")) not in got
    )
    return _with(
        patient,
        {"identifier": identifiers, "link": _without_link(patient, source_id, "replaces")},
    )


def _replaced(body: Body, replacement: Callable[[Place], str | None]) -> tuple[Body, list[Place]]:
    places = list(_places(body.data, ""))
    matches = list(_REFERENCE.finditer(body.raw))
    # both in the order of the document; a key that no pattern finds must not shift the others
    assert len(places) == len(matches), "the references in the bytes are those in the values"
    raw: list[bytes] = []
    done: list[Place] = []
    end = 0
    for place, match in zip(places, matches, strict=True):
        new = replacement(place)
        if new is not None:
            raw += [body.raw[end : match.start()], match["key"], orjson.dumps(new)]
            end = match.end()
            done.append(place)
    if not done:
        return body, []
    return bodies.parse(b"".join(raw) + body.raw[end:]), done


def _places(value: Any, path: str) -> Iterator[Place]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "reference" and isinstance(part, str):
                yield Place(f"{path}/{key}", part)
            else:
                yield from _places(part, f"{path}/{key}")
    elif isinstance(value, list):
        for turn, part in enumerate(value):
            yield from _places(part, f"{path}/{turn}")


def _identifiers(patient: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = patient.get("identifier", [])
    return found


def _appended(patient: Body, member: str, values: list[dict[str, Any]]) -> bytes | None:
    stood = _members(patient.raw).get(member)
    items = [bytes(item) for item in _items(stood)] if stood is not None else []
    return _array([*items, *(orjson.dumps(value) for value in values)])


def _kept(patient: Body, member: str, keep: Callable[[dict[str, Any]], bool]) -> bytes | None:
    stood = _members(patient.raw).get(member)
    if stood is None:
        return None
    return _array([bytes(item) for item in _items(stood) if keep(orjson.loads(bytes(item)))])


def _without_link(patient: Body, other: str, kind: str) -> bytes | None:
    wanted = (f"Patient/{other}", kind)
    return _kept(
        patient,
        "link",
        lambda link: (link.get("other", {}).get("reference"), link.get("type")) != wanted,
    )


def _array(items: list[bytes]) -> bytes | None:
    return b"[" + b",".join(items) + b"]" if items else None


def _with(body: Body, changes: Mapping[str, bytes | None]) -> Body:
    """The body with top-level members replaced, added at the end, or left out (None)."""
    members: dict[str, bytes | None] = {
        key: bytes(value) for key, value in _members(body.raw).items()
    }
    members |= changes
    parts = [orjson.dumps(key) + b":" + raw for key, raw in members.items() if raw is not None]
    return bodies.parse(b"{" + b",".join(parts) + b"}")
