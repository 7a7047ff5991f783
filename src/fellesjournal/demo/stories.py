"""The lives of the named citizens, by id; those without a story of their own live by chance."""

from __future__ import annotations

from fellesjournal.demo.cast_citizens import CITIZENS
from fellesjournal.demo.diseases import diabetes, hypertension
from fellesjournal.demo.lives import live
from fellesjournal.demo.record import Record
from fellesjournal.demo.services import gp

_OFFICES = {citizen.id: citizen.gp_office for citizen in CITIZENS}


def tell(record: Record) -> None:
    """Let a named citizen live the life of the story."""
    office = _OFFICES[record.person.key]
    record.gp = next(w for w in record.region.workers[office] if w.role.code == "gp")
    if record.person.key == "cast-aslaug":
        hypertension.begin(record)
        diabetes.begin(record)
        gp.plan(record)
        record.run()
        return
    live(record)
