"""Reading what a patient has and takes: problems, allergies, critical information, medicines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fellesjournal.care.chart.wording import plain
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element, Moment

_ENTERED_IN_ERROR = "entered-in-error"
_ENDED = {"resolved", "inactive", "remission"}
# "No known allergy": SNOMED CT's code and the international patient summary's.
_NO_KNOWN_ALLERGY = {"716186003", "no-known-allergies"}
# The same of one kind only (medicines, food, surroundings): says nothing of the others.
_NONE_OF_A_KIND = {
    "409137002", "429625007", "428607008", "no-known-medication-allergies",
    "no-known-food-allergies", "no-known-environmental-allergies",
}  # fmt: skip
# Said outright that nobody asked or knows: no allergy either, and no "none known".
_NOTHING_SAID = {"no-allergy-info", "not-asked", "asked-unknown"}
_CURRENT_MEDICATION = {"active", "on-hold", "intended", ""}
_WEEK = 7


class AllergyState(StrEnum):
    """Three different things that must never look alike (docs: three allergy states)."""

    LISTED = "listed"
    NONE_KNOWN = "none-known"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True)
class Allergy:
    """``grave`` marks high criticality or a severe reaction; ``certainty`` is FHIR's code."""

    what: str
    reactions: str
    grave: bool
    certainty: str
    kind: str
    recorded: Moment | None


@dataclass(frozen=True, slots=True)
class Allergies:
    """The state, and the allergies when there are any, gravest first.

    ``partly`` are answers such as "no known drug allergy", which leave the rest open.
    """

    state: AllergyState
    listed: tuple[Allergy, ...] = ()
    partly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A condition; ``code`` is shown beside the text when it is of a diagnosis system, whose number
    ``system`` is: 7110 (ICD-10) or 7170 (ICPC-2), "" without a code.
    """

    text: str
    code: str
    since: Moment | None
    ended: Moment | None
    active: bool
    certainty: str
    lasting: bool
    system: str = ""


@dataclass(frozen=True, slots=True)
class Dose:
    """One dosage: the prescriber's own words in ``text``, else its parts: ``amount`` (with unit)
    ``times`` in each ``every`` ``period`` (UCUM: h, d, wk, mo, a). Parts not given are empty.
    """

    text: str = ""
    amount: str = ""
    times: str = ""
    every: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine in use. ``source`` is prescribed or reported; ``weekly`` warns of the rhythm."""

    text: str
    doses: tuple[Dose, ...]
    status: str
    since: Moment | None
    prescriber: str
    source: str
    weekly: bool
    as_needed: bool


@dataclass(frozen=True, slots=True)
class Alert:
    """A Flag: something everybody must know."""

    text: str
    category: str
    since: Moment | None


def _time(moment: Moment | None) -> float:
    return moment.at.timestamp() if moment else float("-inf")


def allergies(resources: Iterable[Element]) -> Allergies:
    """What is known of allergies, refuted and mistaken entries left out."""
    listed: list[Allergy] = []
    none_known = False
    partly: list[str] = []
    for resource in resources:
        certainty = reading.first_code(resource.get("verificationStatus"))
        if certainty in {_ENTERED_IN_ERROR, "refuted"}:
            continue
        if reading.first_code(resource.get("clinicalStatus")) in {"inactive", "resolved"}:
            continue
        if reading.has_code(resource.get("code"), _NO_KNOWN_ALLERGY):
            none_known = True
            continue
        if reading.has_code(resource.get("code"), _NOTHING_SAID):
            continue
        if reading.has_code(resource.get("code"), _NONE_OF_A_KIND):
            partly.append(plain(reading.concept_text(resource.get("code"))))
            continue
        listed.append(_allergy(resource, certainty))
    if listed:
        order = sorted(listed, key=lambda a: (not a.grave, a.what.casefold()))
        return Allergies(AllergyState.LISTED, tuple(order))
    if none_known:
        return Allergies(AllergyState.NONE_KNOWN)
    return Allergies(AllergyState.NOT_ASKED, partly=tuple(dict.fromkeys(partly)))


def _allergy(resource: Element, certainty: str) -> Allergy:
    reactions, severe, substances = [], False, []
    for reaction in reading.elements(resource.get("reaction")):
        severe = severe or reaction.get("severity") == "severe"
        reactions += [
            text
            for manifestation in reading.elements(reaction.get("manifestation"))
            if (text := reading.concept_text(manifestation))
        ]
        substances.append(reading.concept_text(reaction.get("substance")))
    categories = resource.get("category")
    return Allergy(
        what=plain(reading.concept_text(resource.get("code")))
        or next((text for text in substances if text), ""),
        reactions=", ".join(dict.fromkeys(reactions)),
        grave=severe or resource.get("criticality") == "high",
        certainty=certainty,
        kind=reading.string(categories[0]) if isinstance(categories, list) and categories else "",
        recorded=reading.first_moment(resource, "recordedDate", "onsetDateTime", "onsetPeriod"),
    )


def problems(resources: Iterable[Element]) -> tuple[Problem, ...]:
    """Conditions, one row per diagnosis: active before ended, lasting before passing, newest first.

    A diagnosis repeated at each visit appears once, with the earliest start.
    """
    found: dict[tuple[str, bool], Problem] = {}
    for resource in resources:
        certainty = reading.first_code(resource.get("verificationStatus"))
        if certainty in {_ENTERED_IN_ERROR, "refuted"}:
            continue
        problem = _problem(resource, certainty)
        key = (reading.concept_key(resource.get("code")) or problem.text, problem.active)
        earlier = found.get(key)
        if earlier is None or _says_more(problem, earlier):
            found[key] = problem
    return tuple(
        sorted(found.values(), key=lambda p: (not p.active, not p.lasting, -_time(p.since)))
    )


def _says_more(one: Problem, other: Problem) -> bool:
    """Of an active diagnosis the first time counts, of an ended one the last."""
    if one.active:
        return _earlier(one, other)
    return _time(one.since) > _time(other.since)


def _earlier(one: Problem, other: Problem) -> bool:
    if one.since is None or other.since is None:
        return one.since is not None
    return one.since.at < other.since.at


def _problem(resource: Element, certainty: str) -> Problem:
    ended = reading.first_moment(resource, "abatementDateTime", "abatementPeriod")
    status = reading.first_code(resource.get("clinicalStatus"))
    over = status in _ENDED or (not status and ended is not None)
    system, code = _diagnosis_code(resource.get("code"))
    return Problem(
        text=plain(reading.concept_text(resource.get("code"))),
        code=code,
        since=reading.first_moment(resource, "onsetDateTime", "onsetPeriod", "recordedDate"),
        ended=ended,
        active=not over,
        certainty=certainty,
        lasting=reading.has_code(resource.get("category"), ["problem-list-item"]),
        system=system,
    )


def _diagnosis_code(concept: object) -> tuple[str, str]:
    """List and code where clinicians know it by heart (ICPC-2, ICD-10), else nothing."""
    for system, code, _ in reading.codings(concept):
        if "icpc" in system or system.endswith(".7170"):
            return "7170", code
        if "icd-10" in system or system.endswith(".7110"):
            return "7110", code
    return "", ""


def medicines(
    resources: Iterable[Element], known: Mapping[str, Element] | None = None
) -> tuple[Medicine, ...]:
    """Medicines in use, alphabetical. ``known`` are Medication resources by ``Medication/id``.

    A medicine both prescribed and reported is shown as prescribed; of several prescriptions
    of the same the newest.
    """
    found: dict[str, Medicine] = {}
    for resource in resources:
        if reading.string(resource.get("status")) not in _CURRENT_MEDICATION:
            continue
        if resource.get("intent") in {"plan", "proposal"}:
            continue
        medicine = _medicine(resource, known or {})
        key = medicine.text.casefold()
        other = found.get(key)
        if other is None or _rank(medicine) > _rank(other):
            found[key] = medicine
    return tuple(sorted(found.values(), key=lambda m: m.text.casefold()))


def _rank(medicine: Medicine) -> tuple[bool, float]:
    return medicine.source == "prescribed", _time(medicine.since)


def _medicine(resource: Element, known: Mapping[str, Element]) -> Medicine:
    prescribed = resource.get("resourceType") == "MedicationRequest"
    doses = list(reading.elements(resource.get("dosageInstruction" if prescribed else "dosage")))
    return Medicine(
        text=_substance(resource, known),
        doses=tuple(dict.fromkeys(read for dose in doses if (read := _dose(dose)) != Dose())),
        status=reading.string(resource.get("status")),
        since=reading.first_moment(
            resource, "authoredOn", "effectivePeriod", "effectiveDateTime", "dateAsserted"
        ),
        prescriber=reading.reference_text(
            resource.get("requester") or resource.get("informationSource")
        ),
        source="prescribed" if prescribed else "reported",
        weekly=any(_is_weekly(dose) for dose in doses),
        as_needed=any(
            dose.get("asNeededBoolean") is True or "asNeededCodeableConcept" in dose
            for dose in doses
        ),
    )


def _substance(resource: Element, known: Mapping[str, Element]) -> str:
    if text := reading.concept_text(resource.get("medicationCodeableConcept")):
        return text
    reference = resource.get("medicationReference")
    target = reading.reference_target(reference)
    contained = {
        f"#{inner.get('id')}": inner for inner in reading.elements(resource.get("contained"))
    }
    medication = contained.get(target) or known.get(target)
    text = reading.concept_text(medication.get("code")) if medication else ""
    return text or reading.reference_text(reference)


def _repeat(dose: Element) -> Element:
    timing = dose.get("timing")
    repeat = timing.get("repeat") if isinstance(timing, dict) else None
    return repeat if isinstance(repeat, dict) else {}


def _is_weekly(dose: Element) -> bool:
    """Whether it is taken by the week: per week, each seventh day, or so timed by code."""
    repeat = _repeat(dose)
    every = reading.number(repeat.get("period")) or 1
    days = {"wk": 7, "d": 1}.get(reading.string(repeat.get("periodUnit")), 0) * every
    timing = dose.get("timing")
    coded = isinstance(timing, dict) and reading.has_code(timing.get("code"), ["WK", "QWK"])
    return coded or (days >= _WEEK and days % _WEEK == 0)


def _dose(dose: Element) -> Dose:
    """The prescriber's own words, else the structure."""
    for member in ("text", "patientInstruction"):
        if text := reading.string(dose.get(member)):
            return Dose(text=text)
    amount = ""
    for rate in reading.elements(dose.get("doseAndRate")):
        quantity = rate.get("doseQuantity")
        if isinstance(quantity, dict):
            amount = f"{quantity.get('value', '')} {reading.unit(quantity)}".strip()
    repeat = _repeat(dose)
    if repeat.get("frequency") and repeat.get("periodUnit"):
        return Dose(
            amount=amount,
            times=str(repeat["frequency"]),
            every=str(repeat.get("period", 1)),
            period=reading.string(repeat["periodUnit"]),
        )
    timing = dose.get("timing")
    coded = reading.concept_text(timing.get("code")) if isinstance(timing, dict) else ""
    return Dose(text=" ".join(filter(None, [amount, coded])))


def _standard_category(category: Element) -> str:
    return next(
        (code for system, code, _ in reading.codings(category) if system.endswith("flag-category")),
        "",
    )


def alerts(resources: Iterable[Element]) -> tuple[Alert, ...]:
    """Active flags, newest first."""
    found = [
        Alert(
            text=reading.concept_text(resource.get("code")),
            category=", ".join(
                text
                for category in reading.elements(resource.get("category"))
                # the standard's own categories are codes that each language has words for
                if (text := _standard_category(category) or reading.concept_text(category))
            ),
            since=reading.first_moment(resource, "period"),
        )
        for resource in resources
        if resource.get("status") == "active"
    ]
    return tuple(sorted(found, key=lambda alert: -_time(alert.since)))
