"""Why a record is open: the grounds that hold now for whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access.openings import moment_at
from fellesjournal.access.policy.areas import NOTHING, Area
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.policy.roles import masks, role_of
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.definitions import type_name, type_number

_NO_END = 1 << 62


@dataclass(frozen=True, slots=True)
class HeldGround:
    """One fact that opens the record now.

    ``holders`` are the types of who holds it (Practitioner and PractitionerRole: herself,
    Organization: her unit, HealthcareService, CareTeam ...). Times are aware, None where that
    side is open; ``source`` is the type of the resource it follows from ("" for an opening),
    ``recorded`` when that was last written.
    """

    kind: GroundKind
    holders: tuple[str, ...]
    starts: datetime | None
    ends: datetime | None
    source: str
    recorded: datetime | None

    @property
    def is_emergency(self) -> bool:
        """Whether the glass was broken."""
        return self.kind is GroundKind.BREAK_GLASS


def grounds(session: Session, patient_id: str) -> list[HeldGround]:
    """The grounds on which this session sees a patient: broken glass first, then by kind.

    Those that end last come first within a kind. What the citizen has blocked says nothing
    here: ask whether the patient may be seen before showing any of it.
    """
    rows = session.connection().execute(
        "select g.kind, array_agg(distinct h.type), min(g.starts), max(e.ends), s.type,"
        " extract(epoch from store.seq_time(s.seq)) * 1000000"
        " from store.resource p join access.ground g on g.patient = p.rid"
        " cross join lateral (select least(g.ends, case when g.given_by ="
        " current_setting('fj.person')::bigint then g.given_until end)) e(ends)"
        " join store.resource h on h.rid = g.holder left join store.resource s on s.rid = g.source"
        " where p.type = %s and p.fhir_id = %s and p.version > 0 and not p.deleted"
        " and g.holder = any (current_setting('fj.holders')::bigint[])"
        " and g.starts <= current_setting('fj.now')::bigint and e.ends > current_setting('fj.now')::bigint"
        " and (current_setting('fj.masks')::integer[])[g.kind + 1] <> 0"
        " group by g.kind, g.source, s.type, s.seq"
        " order by g.kind = %s desc, g.kind, max(e.ends) desc, g.source",
        [type_number("Patient"), patient_id, int(GroundKind.BREAK_GLASS)],
    )  # fmt: skip
    return [
        HeldGround(
            kind=GroundKind(kind),
            holders=tuple(sorted(type_name(holder) for holder in holders)),
            starts=moment_at(starts) if starts > 0 else None,
            ends=moment_at(ends) if ends < _NO_END else None,
            source="" if source is None else type_name(source),
            recorded=None if recorded is None else moment_at(int(recorded)),
        )
        for kind, holders, starts, ends, source, recorded in rows
    ]


def areas_open(session: Session, held: Iterable[HeldGround]) -> Area:
    """The kinds of information that these grounds open to the role of a member of staff.

    What the citizen has blocked is not taken away: that it is blocked is not told (INV-36).
    """
    seen = masks(role_of(session.role))
    opened = NOTHING
    for each in held:
        opened |= Area(seen[each.kind])
    return opened


__all__ = ["HeldGround", "areas_open", "grounds"]
