"""Which search parameters look at where a person is, and of whom they may be asked.

Part of redaction.py: what is left out of bodies can't be found by asking for it. Conditions
are over ``{row}`` as in policy/predicate.py.
"""

from __future__ import annotations

from functools import cache

from fellesjournal.access.labels import PROTECTED_ADDRESS
from fellesjournal.fhir.definitions.search import search_of
from fellesjournal.fhir.definitions.search import slot as slot_of

PERSONS = frozenset({"Patient", "RelatedPerson", "Person"})
"""Types that tell where somebody is."""


@cache
def where_parameters(kind: str) -> frozenset[str]:
    """The search parameters of a type of person that look at where she is."""
    if kind not in PERSONS:
        return frozenset()
    return frozenset(
        code
        for code, parameter in search_of(kind).parameters.items()
        for place in parameter.places
        for variant in slot_of(place.slot).variants
        if any(step in {"address", "telecom", "contact"} for step in variant.steps)
    )


def _open(opened: str) -> str:
    return (
        f"(({{row}}.labels & {int(PROTECTED_ADDRESS)}) = 0 and not exists (select from store.resource r"
        f" where r.rid in ({{row}}.rid, {{row}}.patient) and (r.labels & {int(PROTECTED_ADDRESS)}) <> 0)"
        f"{opened})"
    )


NOBODY_SEES_WHERE = _open("")
STAFF_SEES_WHERE = _open(
    " or exists (select from access.opening o where o.patient = {row}.patient and o.kind = 2"
    " and o.practitioner = current_setting('fj.person')::bigint"
    " and o.role = current_setting('fj.role')::bigint"
    " and o.starts <= current_setting('fj.now')::bigint"
    " and o.ends > current_setting('fj.now')::bigint"
    " and not exists (select from store.resource r where r.rid in ({row}.rid, {row}.patient)"
    f" and (r.labels & {int(PROTECTED_ADDRESS)} & ~o.labels) <> 0)"
    f" and ({{row}}.labels & {int(PROTECTED_ADDRESS)} & ~o.labels) = 0)"
)

__all__ = ["NOBODY_SEES_WHERE", "PERSONS", "STAFF_SEES_WHERE", "where_parameters"]
