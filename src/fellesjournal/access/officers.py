"""Which data protection officer takes up a matter: the one nearest to where it happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fellesjournal.access.sessions import Session
from fellesjournal.fhir import bodies, reading
from fellesjournal.fhir.definitions import type_number
from fellesjournal.foundation import clock

_CODE = "data-protection-officer"
# Her own unit, then what it belongs to; the officer whose units meet those of `near` first.
_NEAREST = (
    "with recursive near(place, n) as ("
    " select r.rid, 0 from store.resource r where r.type = %(organization)s and r.fhir_id = %(unit)s"
    " union all select p.parent, near.n + 1 from near join access.part_of p on p.source = near.place"
    " where near.n < 12),"
    " officer(role, unit, place, n, is_her) as ("
    " select e.source, e.unit, e.unit, 0, who.fhir_id = %(but)s from access.employment e"
    " join store.resource r on r.rid = e.source and not r.deleted"
    " join store.resource who on who.rid = e.practitioner"
    " where e.code = %(code)s and e.starts <= %(now)s and e.ends > %(now)s"
    " and not exists (select from access.inactive i where i.source = e.practitioner)"
    " union all select o.role, o.unit, p.parent, o.n + 1, o.is_her from officer o"
    " join access.part_of p on p.source = o.place where o.n < 12),"
    " best as (select o.role, o.unit from officer o left join near on near.place = o.place"
    " order by o.is_her, near.n nulls last, o.n, o.role limit 1)"
    " select r.fhir_id, rv.body, uv.body from best join store.resource r on r.rid = best.role"
    " join store.version rv on rv.rid = r.rid and rv.version = r.version"
    " join store.resource u on u.rid = best.unit"
    " join store.version uv on uv.rid = u.rid and uv.version = u.version"
)


class NobodyToTell(Exception):
    """No data protection officer is registered: the matter would have no owner."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Who takes it up. ``reference`` is of her role, which owns, not of her person; ``place``
    where she works, and ``contact`` how she is reached by telephone or e-mail ("": not registered).
    """

    reference: str
    title: str
    place: str
    contact: str


def officer(platform: Session, *, unit: str = "", but: str = "") -> Officer:
    """The data protection officer at work nearest to a unit (``Organization/1``), any if none is.

    ``but``: the Practitioner whom it is about, who gets her own matter only where there is no
    other. Raises NobodyToTell. ``platform`` reads the directory.
    """
    row = platform.connection().execute(
        _NEAREST,
        {
            "organization": type_number("Organization"),
            "unit": unit.rpartition("/")[2],
            "code": _CODE,
            "now": clock.microseconds(clock.now()),
            "but": but.rpartition("/")[2],
        },
    ).fetchone()  # fmt: skip
    if row is None:
        raise NobodyToTell
    role_id, of_role, of_unit = row
    role, place = bodies.parse(of_role).data, bodies.parse(of_unit).data
    title = reading.concept_text(next(reading.elements(role.get("code")), {}))
    return Officer(
        reference=f"PractitionerRole/{role_id}",
        title=title or _CODE,
        place=reading.string(place.get("name")),
        contact=_contact(role) or _contact(place),
    )


def _contact(data: Mapping[str, Any]) -> str:
    """Telephone and e-mail in force."""
    return ", ".join(
        reading.string(point.get("value"))
        for point in reading.elements(data.get("telecom"))
        if point.get("system") in {"phone", "email"} and point.get("use") != "old"
    )


__all__ = ["NobodyToTell", "Officer", "officer"]
