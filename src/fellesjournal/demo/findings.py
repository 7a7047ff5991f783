"""Measurements: vital signs as in the national profiles, laboratory results in reports.

Values come from the citizen's body, so that they agree with the diseases and the treatment.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.demo.catalogue.laboratory import (
    ANALYSES,
    CHILD_RANGES,
    CHILD_UNTIL,
    Analysis,
    Panel,
)
from fellesjournal.demo.moments import iso_moment
from fellesjournal.demo.record import Contact, Record
from fellesjournal.demo.terms import (
    HL7,
    LOINC,
    NLK,
    UCUM,
    VITAL_SIGNS,
    VOLVEN,
    Element,
    coding,
    concept,
    quantity,
    status,
)
from fellesjournal.demo.units import Unit

_VITAL_CATEGORY = [{"coding": [coding(HL7 + "observation-category", "vital-signs", "Vital Signs")]}]
_LAB_CATEGORY = [{"coding": [coding(HL7 + "observation-category", "laboratory", "Laboratory")]}]
_LAB_REPORT = [{"coding": [coding(HL7 + "v2-0074", "LAB", "Laboratory")]}]
_INTERPRETATION = HL7 + "v3-ObservationInterpretation"
_DEVIATION = VOLVEN + "8244"
_HIGH = [
    {
        "coding": [
            coding(_INTERPRETATION, "H", "High"),
            coding(_DEVIATION, "1", "Over øvre referansegrense"),
        ]
    }
]
_LOW = [
    {
        "coding": [
            coding(_INTERPRETATION, "L", "Low"),
            coding(_DEVIATION, "2", "Under nedre referansegrense"),
        ]
    }
]
_NORMAL = [{"coding": [coding(_INTERPRETATION, "N", "Normal")]}]


@dataclass(frozen=True, slots=True)
class Vital:
    """One vital sign: profile, LOINC code, Norwegian name, unit, noise, decimals, limits."""

    profile: str
    loinc: str
    name: str
    unit: str
    ucum: str
    noise: float
    decimals: int
    least: float
    most: float


VITALS = {
    "pulse": Vital("pulse", "8867-4", "Puls", "/min", "/min", 5, 0, 38, 190),
    "respiration": Vital(
        "respirationrate", "9279-1", "Respirasjonsfrekvens", "/min", "/min", 1.2, 0, 8, 60
    ),
    "temperature": Vital("bodytemp", "8310-5", "Temperatur", "°C", "Cel", 0.2, 1, 34.5, 41.2),
    "saturation": Vital("oxygensaturation", "2708-6", "Oksygenmetning", "%", "%", 0.7, 0, 70, 100),
    "weight": Vital("bodyweight", "29463-7", "Vekt", "kg", "kg", 0.3, 1, 1.5, 250),
    "height": Vital("bodyheight", "8302-2", "Høyde", "cm", "cm", 0.2, 1, 40, 215),
}
_VITAL_CODES = {key: concept(LOINC, vital.loinc, vital.name) for key, vital in VITALS.items()}
_BP_CODE = concept(LOINC, "85354-9", "Blodtrykk")
_SYSTOLIC_CODE = concept(LOINC, "8480-6", "Systolisk blodtrykk")
_DIASTOLIC_CODE = concept(LOINC, "8462-4", "Diastolisk blodtrykk")
FULL_SET = ("bp", "pulse", "temperature", "saturation", "respiration")


def vitals(record: Record, at: Contact, *names: str, minutes: int = 5) -> None:
    """Measure vital signs (`bp` or keys of VITALS) some minutes into an encounter."""
    for name in names:
        vital_sign(record, name, at.day, at.minutes + minutes, at.unit, at.worker.ref, at)


def vital_sign(
    record: Record,
    name: str,
    day: int,
    minutes: int,
    unit: Unit,
    performer: Element,
    at: Contact | None,
) -> float:
    """Measure one vital sign at a moment and return the value (systolic for blood pressure)."""
    if name == "bp":
        return _blood_pressure(record, day, minutes, unit, performer, at)
    vital = VITALS[name]
    raw = record.body.measure(name, day, vital.noise)
    value = _rounded(max(vital.least, min(vital.most, raw)), vital.decimals)
    body = _observation(record, _VITAL_CATEGORY, _VITAL_CODES[name], day, minutes, performer, at)
    body["valueQuantity"] = quantity(value, vital.unit, vital.ucum)
    record.add("Observation", "obs", body, of=unit, profile=VITAL_SIGNS + vital.profile)
    if at is not None:
        at.findings.append(f"{vital.name} {_printed(value)} {vital.unit}")
    return value


def _blood_pressure(
    record: Record, day: int, minutes: int, unit: Unit, performer: Element, at: Contact | None
) -> float:
    high = round(max(70, min(235, record.body.measure("systolic", day, 7))))
    low = round(max(38, min(high - 18, record.body.measure("diastolic", day, 4))))
    body = _observation(record, _VITAL_CATEGORY, _BP_CODE, day, minutes, performer, at)
    body["component"] = [
        {"code": _SYSTOLIC_CODE, "valueQuantity": quantity(high, "mmHg", "mm[Hg]")},
        {"code": _DIASTOLIC_CODE, "valueQuantity": quantity(low, "mmHg", "mm[Hg]")},
    ]
    record.add("Observation", "obs", body, of=unit, profile=VITAL_SIGNS + "bloodpressure")
    if at is not None:
        at.findings.append(f"BT {high}/{low} mmHg")
    return high


def labs(record: Record, at: Contact, panel: Panel, *, days_in: int = 0) -> None:
    """Take a panel during an encounter: one Observation per analysis and a DiagnosticReport."""
    day = at.day + days_in
    if day > record.end:
        return
    local = panel.keys in {("crp",), ("inr",)}
    laboratory = at.unit if local else record.ward("laboratory")
    minutes = at.minutes + 15 if not days_in else 7 * 60 + 10
    results, creatinine = [], 0.0
    for key in panel.keys:
        if key == "egfr":
            if record.age(day) < 18:
                continue
            value = estimated_gfr(creatinine, record.age(day), record.person.sex)
        else:
            analysis = ANALYSES[key]
            usual = record.body.value(key, day)
            value = record.body.measure(key, day, analysis.noise * usual)
            value = max(analysis.least, value)
        if key == "creatinine":
            creatinine = value
        results.append(_result(record, at, ANALYSES[key], value, day, minutes, laboratory))
    same_day = local or days_in or day == record.end
    reported = iso_moment(day, minutes + 45) if same_day else iso_moment(day + 1, 13 * 60 + 5)
    body: Element = {
        "status": "final",
        "category": _LAB_REPORT,
        "code": {
            "coding": [coding(LOINC, "11502-2", "Laboratory report")],
            "text": panel.title,
        },
        "subject": record.subject,
        "encounter": at.ref,
        "effectiveDateTime": iso_moment(day, minutes),
        "issued": reported,
        "performer": [laboratory.ref],
        "result": results,
    }
    record.add("DiagnosticReport", "rep", body, of=laboratory)


def _result(
    record: Record,
    at: Contact,
    analysis: Analysis,
    value: float,
    day: int,
    minutes: int,
    laboratory: Unit,
) -> Element:
    printed = _rounded(value, analysis.decimals)
    code = concept(NLK, analysis.nlk, analysis.name)
    body = _observation(record, _LAB_CATEGORY, code, day, minutes, laboratory.ref, at)
    body["valueQuantity"] = quantity(printed, analysis.unit, analysis.ucum)
    low, high = _range(analysis, record, day)
    interpretation = _NORMAL
    if high is not None and printed > high:
        interpretation = _HIGH
    elif low is not None and printed < low:
        interpretation = _LOW
    limits = {
        end: _limit(limit, analysis)
        for end, limit in (("low", low), ("high", high))
        if limit is not None
    }
    if limits:
        body["interpretation"] = interpretation
        body["referenceRange"] = [limits]
    resource = record.add("Observation", "obs", body, of=laboratory)
    flag = "" if interpretation is _NORMAL else " (H)" if interpretation is _HIGH else " (L)"
    at.findings.append(f"{analysis.name} {_printed(printed)} {analysis.unit}{flag}")
    return {"reference": f"Observation/{resource['id']}", "display": analysis.name}


def _range(analysis: Analysis, record: Record, day: int) -> tuple[float | None, float | None]:
    """The reference range for this citizen on a day; open at both ends when none fits a child."""
    if record.age(day) < CHILD_UNTIL and analysis.key in CHILD_RANGES:
        return CHILD_RANGES[analysis.key] or (None, None)
    return analysis.female if record.female else analysis.male


def _limit(value: float, analysis: Analysis) -> Element:
    return {"value": value, "unit": analysis.unit, "system": UCUM, "code": analysis.ucum}


def _observation(
    record: Record,
    category: list[Element],
    code: Element,
    day: int,
    minutes: int,
    performer: Element,
    at: Contact | None,
) -> Element:
    body: Element = {"status": "final", "category": category, "code": code,
                     "subject": record.subject}  # fmt: skip
    if at is not None:
        body["encounter"] = at.ref
    body["effectiveDateTime"] = iso_moment(day, minutes)
    body["performer"] = [performer]
    return body


def estimated_gfr(creatinine_umol: float, age: int, sex: str) -> float:
    """Estimated GFR in mL/min/1.73 m2 by CKD-EPI 2021, at most 120.

    UNVERIFIED: the constants are written from memory of the published equation.
    """
    female = sex == "female"
    kappa, alpha = (0.7, -0.241) if female else (0.9, -0.302)
    share = creatinine_umol / 88.4 / kappa
    value: float = 142 * min(share, 1) ** alpha * max(share, 1) ** -1.2 * 0.9938 ** float(age)
    return min(120.0, value * (1.012 if female else 1.0))


def smoking(record: Record, at: Contact, level: str) -> None:
    """Record smoking status as LOINC answers: `current`, `former` or `never`."""
    answers = {
        "current": ("LA18976-3", "Røyker daglig"),
        "former": ("LA15920-4", "Har røykt tidligere"),
        "never": ("LA18978-9", "Har aldri røykt"),
    }
    category = [status("observation-category", "social-history")]
    code = concept(LOINC, "72166-2", "Røykestatus")
    body = _observation(record, category, code, at.day, at.minutes + 5, at.worker.ref, at)
    body["valueCodeableConcept"] = concept(LOINC, *answers[level])
    record.add("Observation", "obs", body, of=at.unit)
    at.findings.append(answers[level][1])


def _rounded(value: float, decimals: int) -> float:
    return round(value, decimals) if decimals else round(value)


def _printed(value: float) -> str:
    return str(value).replace(".", ",")
