"""Indicators as FHIR: the Measure of a definition, and the MeasureReport of what is shown of it.

http://hl7.org/fhir/R4/measure.html and measurereport.html (summary). What is held back has no count and
no score, and says ``masked``: the report is made of what the page shows, never of what was counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from fellesjournal.foundation.clock import NORWAY
from fellesjournal.leadership.figures.result import Figure, Status
from fellesjournal.leadership.indicators.asking import Asked
from fellesjournal.leadership.indicators.definition import (
    Companion,
    Direction,
    Indicator,
    Scoring,
    Text,
)
from fellesjournal.leadership.indicators.measuring import Beside, Measured

Json = dict[str, Any]

_HL7: Final = "http://terminology.hl7.org/CodeSystem/"
_POPULATION: Final = _HL7 + "measure-population"
_ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"
_OWN: Final = "https://fellesjournal.example/fhir/"
URL: Final = _OWN + "Measure/"
DEFINITION: Final = _OWN + "StructureDefinition/indicator-definition"
"""On a MeasureReport: the hash of what it was counted by, with the values of its assumptions."""
DATA_CUT: Final = _OWN + "StructureDefinition/data-cut"
"""On a MeasureReport or a group of it: what was recorded later does not count."""
SIDE: Final = _OWN + "StructureDefinition/handover-side"
INTERVAL: Final = _OWN + "StructureDefinition/confidence-interval"
_PART: Final = _OWN + "CodeSystem/indicator-part"
_UCUM: Final = "http://unitsofmeasure.org"
_IN_UCUM: Final = {"t": "h", "per 1000": "/1000", "": "1"}
"""Units as pages write them, where UCUM writes them otherwise."""
_PLACES: Final = 9
_SQL: Final = "text/sql"


@dataclass(frozen=True, slots=True)
class OfUnit:
    """What is shown of a unit (``Organization/1``), and what it is called."""

    unit: str
    name: str
    measured: Measured


def measure(indicator: Indicator) -> Json:
    """The Measure of a definition; its library is named by the hash of what is counted by."""
    return {
        "resourceType": "Measure",
        "id": indicator.id,
        "language": "nb",
        "url": URL + indicator.id,
        "identifier": [
            {"system": URL.rstrip("/"), "value": name}
            for name in (indicator.id, *indicator.aliases)
        ],
        "version": indicator.version,
        "name": f"Indicator{indicator.id}",
        **_said("title", indicator.titles),
        "status": "active",
        **_said("description", indicator.description),
        "useContext": [
            {
                "code": {"system": _HL7 + "usage-context-type", "code": "program"},
                "valueCodeableConcept": {"text": indicator.services["nb"]},
            }
        ],
        "library": [f"{_OWN}Library/{indicator.id}|{indicator.hash}"],
        "scoring": _code(_HL7 + "measure-scoring", indicator.scoring),
        **({"rateAggregation": _unit_of(indicator)} if indicator.unit else {}),
        "improvementNotation": _improvement(indicator),
        **({"guidance": indicator.balance["nb"]} if indicator.balance else {}),
        "group": [
            _group(indicator),
            *(_group_of(indicator, each) for each in indicator.companions),
        ],
    }


def _group(indicator: Indicator) -> Json:
    names = (
        {"numerator": indicator.numerator, "denominator": indicator.denominator}
        if indicator.scoring is Scoring.PROPORTION
        else {
            "measure-population": indicator.denominator,
            "measure-observation": indicator.numerator,
        }
    )
    populations = [_criteria(indicator, name, said) for name, said in names.items()]
    populations += [
        {**_criteria(indicator, "denominator-exclusion", said), "id": name}
        for name, said in indicator.exclusions.items()
    ]
    return {
        "code": _code(_PART, "figure"),
        "population": populations,
        "stratifier": [
            {"code": _code(_PART, "unit"), "criteria": {"language": _SQL, "expression": "unit"}}
        ],
    }


def _group_of(indicator: Indicator, companion: Companion) -> Json:
    names = ("numerator", "denominator") if companion.is_share else ("measure-population",)
    return {
        "code": _code(_PART, companion.key, companion.titles["nb"]),
        "population": [_criteria(indicator, name, companion.titles) for name in names],
    }


def _criteria(indicator: Indicator, name: str, said: Text) -> Json:
    return {
        "code": _code(_POPULATION, name),
        "description": said["nb"],
        "criteria": {"language": _SQL, "reference": f"{_OWN}Library/{indicator.id}"},
    }


def _said(name: str, text: Text) -> Json:
    """An element in Norwegian, with the other languages as translations of it."""
    translations = [
        {
            "url": _TRANSLATION,
            "extension": [
                {"url": "lang", "valueCode": language},
                {"url": "content", "valueString": text[language]},
            ],
        }
        for language in ("nn", "en")
    ]
    return {name: text["nb"], f"_{name}": {"extension": translations}}


def report(asked: Asked, units: Sequence[OfUnit], *, at: datetime, base: str) -> Json:
    """The MeasureReport of the first of the units, with a stratum for each of them. ``base``: of the
    service, for references.
    """
    own = units[0]
    figure = own.measured.figure
    return {
        "resourceType": "MeasureReport",
        "language": "nb",
        "extension": [
            {"url": DEFINITION, "valueString": figure.definition.hash},
            {"url": DATA_CUT, "valueInstant": _instant(figure.data_cut)},
            *([{"url": SIDE, "valueCode": str(asked.side)}] if asked.indicator.has_sides else []),
        ],
        "status": "complete",
        "type": "summary",
        "measure": f"{URL}{asked.indicator.id}|{asked.indicator.version}",
        "date": _instant(at),
        "reporter": {"reference": own.unit, "display": own.name},
        "period": {
            "start": asked.period.start.isoformat(),
            "end": (asked.period.end - timedelta(days=1)).isoformat(),
        },
        "improvementNotation": _improvement(asked.indicator),
        "group": list(_groups(asked, units, base)),
    }


def _groups(asked: Asked, units: Sequence[OfUnit], base: str) -> Iterator[Json]:
    own = units[0].measured
    yield {
        **_cut(own),
        "code": _code(_PART, "figure"),
        **_counts(asked.indicator, own.figure),
        "stratifier": [
            {
                "code": [_code(_PART, "unit")],
                "stratum": [_stratum(asked.indicator, each, base) for each in units],
            }
        ],
    }
    for companion, beside in zip(asked.indicator.companions, own.companions, strict=True):
        yield {
            "code": _code(_PART, companion.key, companion.titles["nb"]),
            **_counts_of(companion, beside),
        }


def _stratum(indicator: Indicator, each: OfUnit, base: str) -> Json:
    counts = _counts(indicator, each.measured.figure)
    # R4 has no extension for the populations of a stratum that are left out: the score says why
    counts["population"] = [p for p in counts.pop("population", ()) if "_count" not in p]
    if not counts["population"]:
        del counts["population"]
    coding = {"system": f"{base}/Organization", "code": each.unit.partition("/")[2]}
    return {**_cut(each.measured), "value": {"coding": [coding], "text": each.name}, **counts}


def _cut(measured: Measured) -> Json:
    """Since when it stands as it is, where too few are new."""
    if not measured.is_carried:
        return {}
    return {"extension": [{"url": DATA_CUT, "valueInstant": _instant(measured.figure.data_cut)}]}


def _counts(indicator: Indicator, figure: Figure) -> Json:
    if figure.status is Status.SUPPRESSED:
        return {"measureScore": _absent("masked")}
    populations: list[Json] = []
    if indicator.scoring is not Scoring.PROPORTION:
        populations.append(_population("measure-population", figure.denominator))
    elif figure.numerator is not None:
        populations.append(_population("numerator", figure.numerator))
        populations.append(_population("denominator", figure.denominator))
    else:
        populations.append(_population("denominator", Fraction(0)))
    populations += [
        {"id": reason, **_population("denominator-exclusion", count)}
        for reason, count in figure.excluded.items()
    ]
    return {"population": populations, "measureScore": _score(indicator, figure)}


def _counts_of(companion: Companion, beside: Beside) -> Json:
    if beside.is_hidden:
        return {"measureScore": _absent("masked")}
    if beside.value is None:
        return {"measureScore": _absent("not-applicable")}
    counts: Json = {
        "measureScore": _quantity(beside.value, "1" if companion.is_share else companion.unit)
    }
    if beside.numerator is not None:
        counts["population"] = [
            _population("numerator", beside.numerator),
            _population("denominator", beside.denominator),
        ]
    return counts


def _score(indicator: Indicator, figure: Figure) -> Json:
    if figure.value is None:
        return _absent("not-applicable")
    score = _quantity(
        figure.value, "1" if indicator.scoring is Scoring.PROPORTION else indicator.unit
    )
    if figure.interval is not None:
        low, high = (_quantity(Fraction(end), "1") for end in figure.interval)
        score["extension"] = [{"url": INTERVAL, "valueRange": {"low": low, "high": high}}]
    return score


def _population(code: str, count: Fraction | int | None) -> Json:
    coded = {"code": _code(_POPULATION, code)}
    if count is None:  # so few that it is not told
        return {**coded, "_count": _absent("masked")}
    return {**coded, "count": int(count)}


def _absent(why: str) -> Json:
    return {"extension": [{"url": _ABSENT, "valueCode": why}]}


def _quantity(value: Fraction, unit: str) -> Json:
    return {
        "value": round(float(value), _PLACES),
        "system": _UCUM,
        "code": _IN_UCUM.get(unit, unit),
    }


def _improvement(indicator: Indicator) -> Json:
    way = "increase" if indicator.direction is Direction.UP else "decrease"
    return _code(_HL7 + "measure-improvement-notation", way)


def _unit_of(indicator: Indicator) -> str:
    return f"median, {indicator.unit}"


def _code(system: str, code: str, text: str = "") -> Json:
    coded: Json = {"coding": [{"system": system, "code": str(code)}]}
    return {**coded, "text": text} if text else coded


def _instant(moment: datetime) -> str:
    return moment.astimezone(NORWAY).isoformat(timespec="seconds")


__all__ = ["DATA_CUT", "DEFINITION", "INTERVAL", "SIDE", "URL", "OfUnit", "measure", "report"]
