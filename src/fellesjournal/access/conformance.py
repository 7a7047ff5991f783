"""The profiles of this installation: those the product ships and those the record holds.

A StructureDefinition, ValueSet or CodeSystem that is written counts for what is written
after it; other processes notice within a few seconds.
"""

from __future__ import annotations

import time
from threading import Lock
from typing import Any

import orjson

from fellesjournal.fhir.bodies import Body
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import Issue
from fellesjournal.fhir.profiles import NotAProfile, Profiles, shipped_profiles
from fellesjournal.fhir.validation import validate as validate_base
from fellesjournal.foundation.database.connection import connection
from fellesjournal.registry.opening_rules import schedule_problems
from fellesjournal.store.claims import claim_problems

STALE_SECONDS = 3.0
_TYPES = ("StructureDefinition", "ValueSet", "CodeSystem")


class _Known:
    """The profiles as last read, and what was the newest conformance resource then."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.profiles: Profiles | None = None
        self.newest: tuple[Any, ...] | None = None
        self.looked_at = 0.0


_known = _Known()


def profiles() -> Profiles:
    """All profiles that are known here, uploaded ones over shipped ones."""
    if _known.profiles is not None and time.monotonic() - _known.looked_at < STALE_SECONDS:
        return _known.profiles
    with _known.lock:
        newest = _newest()
        if _known.profiles is None or newest != _known.newest:
            _known.profiles = _read()
            _known.newest = newest
        _known.looked_at = time.monotonic()
        return _known.profiles


def forget() -> None:
    """Read again at the next use; call after writing a conformance resource."""
    _known.looked_at = 0.0


def is_conformance(type_name: str) -> bool:
    """Whether resources of this type are rules for others."""
    return type_name in _TYPES


def validate(data: dict[str, Any], *, warnings: bool = False) -> list[Issue]:
    """What is wrong with a resource by the base standard, by our own extensions that others act
    on, and by the profiles it claims.

    Claimed profiles are looked at only when the base standard is met: their errors would
    repeat its own. Unless ``warnings``, only errors and unknown profiles are told.
    """
    issues = [
        *validate_base(data, warnings=warnings),
        *schedule_problems(data),
        *claim_problems(data),
    ]
    if any(issue.severity == "error" for issue in issues) or not _claims(data):
        return issues
    claimed = profiles().validate_claimed(data)
    if not warnings:
        claimed = [
            issue for issue in claimed if issue.severity == "error" or issue.code == "not-found"
        ]
    return [*issues, *claimed]


def validate_against(body: Body, profile: str | None) -> list[Issue]:
    """All errors, warnings and remarks; ``profile`` is the canonical of one more to apply."""
    known = profiles()
    issues = [
        *validate_base(body.data, warnings=True),
        *known.validate_claimed(body.data),
        *known.validate_extensions(body.data),
    ]
    if profile is not None:
        if known.knows(profile):
            issues += known.validate_profile(body.data, profile)
        else:
            issues.append(Issue("not-supported", f"the profile {profile[:300]} is not known here"))
    return issues


def _claims(data: dict[str, Any]) -> bool:
    meta = data.get("meta")
    return (isinstance(meta, dict) and "profile" in meta) or data.get("resourceType") in {
        "Bundle",
        "Parameters",
    }


def _newest() -> tuple[Any, ...]:
    row = connection().execute(
        "select current_database(), (select oid from pg_database where datname = current_database()),"
        " max(seq), count(*) from (select (select max(v.seq) from store.version v where v.type = t) as seq"
        " from unnest(%s::smallint[]) t) newest",
        [[type_number(name) for name in _TYPES]],
    ).fetchone()  # fmt: skip
    assert row is not None  # an aggregate always answers
    return row


def _read() -> Profiles:
    """The shipped profiles with those of the record laid over them. Rules are no one's secret:
    they are read for every session alike.
    """
    found = Profiles(shipped_profiles())
    rows = connection().execute(
        "select v.body from store.entry e join store.version v on v.rid = e.rid and v.version = e.version"
        " where e.type = any(%s::smallint[]) and e.died is null order by e.seq",
        [[type_number(name) for name in _TYPES]],
    )
    for (body,) in rows:
        resource = orjson.loads(body)
        if (
            resource["resourceType"] == "StructureDefinition"
            and resource.get("derivation") != "constraint"
        ):
            continue
        try:
            found.add(resource)
        except NotAProfile:
            continue  # a definition that can't be applied is still a resource one may store
    return found
