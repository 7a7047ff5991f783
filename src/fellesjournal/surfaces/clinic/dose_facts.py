"""What stands beside a dose that is written: what is in use, and the newest kidney function and
potassium with their dates. Facts of the record as they are, judged by nobody here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.queries import BANNER, chart_of
from fellesjournal.care.chart.results import Trend
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.medication.queries import MedicationList
from fellesjournal.care.orders.catalogue import NLK
from fellesjournal.fhir.reading import Moment
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.measurements import printed, printed_unit

_LOINC = "http://loinc.org"
# What is shown, and the codes it may come with: NLK as it is ordered here; LOINC from elsewhere.
_SHOWN: Sequence[tuple[str | Promise, frozenset[str]]] = (
    (_("eGFR"), frozenset({f"{NLK}|NOR15245", f"{_LOINC}|33914-3", f"{_LOINC}|62238-1",
                           f"{_LOINC}|98979-8"})),
    (_("Potassium"), frozenset({f"{NLK}|NPU03230", f"{_LOINC}|2823-3", f"{_LOINC}|6298-4"})),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest value of one analysis; ``value`` is "" when the record has none."""

    name: str
    value: str
    unit: str
    at: Moment | None


def beside_dose(session: Session, person: Person, now: MedicationList) -> dict[str, Any]:
    """The banner of a page on which doses are written, and what stands beside them: one reading
    of the record for both, without values that were withdrawn.
    """
    record = chart_of(session, person.id, only=[*BANNER, "Observation"])
    return {
        **with_banner(session, person, record),
        "in_use": list(dict.fromkeys(each.name for each in now.in_use() if each.name)),
        "newest": [_newest(str(name), record.trends, codes) for name, codes in _SHOWN],
        "all_read": record.complete,
    }


def _newest(name: str, trends: Iterable[Trend], codes: frozenset[str]) -> Newest:
    """Several systems may have sent it, each with its code: the newest of them all."""
    found = [each.latest for each in trends if each.key in codes and each.latest.at]
    if not found:
        return Newest(name, "", "", None)
    value = max(found, key=lambda each: each.at.at if each.at else 0)
    return Newest(name, printed(value), printed_unit(value.unit), value.at)


__all__ = ["Newest", "beside_dose"]
