"""Clinical content that referrals and discharge summaries share: findings, medication, results.

Code lists: 8233 type of clinical information, 7110 ICD-10, 7170 ICPC-2, 7180 ATC, 8231 headings
of a referral, 8311 headings of a discharge summary, 8244 deviation. Referral 2.0 names its lists
where the older messages leave them to the element.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fellesjournal.national.binding import Form, Part, element, many, optional
from fellesjournal.national.providers import Provider
from fellesjournal.national.values import Code, Coded, Quantity, RichText, Timestamp

_DISCHARGE = ("discharge-1.1", "discharge-1.2")
_OLD = ("referral-1.1", *_DISCHARGE)
# The older messages have kith:TS and CS where referral 2.0 has dateTime and CV.
_TIMES = {"referral-2.0": Form.DATE_TIME}
_DAYS = {"referral-2.0": Form.DATE}
_CODES = dict.fromkeys(_OLD, Form.CS)
_PLAIN = {"referral-1.1": Form.PLAIN, "referral-2.0": Form.PLAIN}
_REFERRAL = ("referral-1.1", "referral-2.0")


@dataclass(frozen=True, kw_only=True)
class Precaution(Part):
    """What staff who handle the patient must know."""

    text: str = element("Precaution")
    begins: Timestamp | None = optional("StartDateTime", form=Form.TS, forms=_TIMES)
    ends: Timestamp | None = optional("EndDateTime", form=Form.TS, forms=_TIMES)


@dataclass(frozen=True, kw_only=True)
class Modifier(Part):
    """What narrows a condition or procedure down, as the asterisk code of ICD-10."""

    name: Code = element("Name")
    values: tuple[Coded, ...] = many("Value", needed=True)


@dataclass(frozen=True, kw_only=True)
class Condition(Part):
    """A coded condition: a diagnosis or another coded statement."""

    code: Coded = element("Concept")
    modifiers: tuple[Modifier, ...] = many("Modifier")


@dataclass(frozen=True, kw_only=True)
class HeadedText(Part):
    """Text under a heading, coded as well or instead."""

    heading: Coded | None = optional("Heading", forms=_CODES)
    text: RichText | None = optional("TextResultValue", forms=_PLAIN)
    codes: tuple[Coded, ...] = many("TextCode")


@dataclass(frozen=True, kw_only=True)
class ResultText(Part):
    """The words of a textual result."""

    heading: Code | None = optional("Heading")
    text: RichText | None = optional("TextResultValue", forms=_PLAIN)
    codes: tuple[Coded, ...] = many("TextCode", single_in=_REFERRAL)


@dataclass(frozen=True, kw_only=True)
class TextResult(Part):
    """A result in words."""

    result: ResultText | None = optional("Result")


@dataclass(frozen=True, kw_only=True)
class Interval(Part):
    """A result as an interval of uncertainty."""

    low: Quantity | None = optional("Low")
    high: Quantity | None = optional("High")


@dataclass(frozen=True, kw_only=True)
class NumericResult(Part):
    """A number, perhaps "more than" or "less than" it."""

    comparator: Code | None = optional("ArithmeticComp")
    value: Quantity = element("NumResultValue")


@dataclass(frozen=True, kw_only=True)
class DateResult(Part):
    """A date as a result, as the expected day of birth."""

    value: Timestamp = element("DateResultValue", form=Form.TS, forms=_DAYS)


@dataclass(frozen=True, kw_only=True)
class Examination(Part):
    """What was examined; from a list of its own (7280 for laboratory work)."""

    id: Coded = element("Id")
    specifications: tuple[Coded, ...] = many("Spec")


@dataclass(frozen=True, kw_only=True)
class Result(Part):
    """A result of an examination."""

    exactly_one: ClassVar[tuple[tuple[str, ...], ...]] = (("text", "interval", "date", "number"),)

    text: TextResult | None = optional("TextResult")
    interval: Interval | None = optional("Interval")
    date: DateResult | None = optional("DateResult")
    number: NumericResult | None = optional("NumResult")
    action: Code | None = optional("ServType")
    examined: Timestamp | None = optional("InvDate", form=Form.TS, forms=_TIMES)
    comment: str | None = optional("Comment")
    deviation: Code | None = optional("DevResultInd")
    examination: Examination = element("ClinInv")
    diagnosis: Condition | None = optional("DiagComment", only=_DISCHARGE)


@dataclass(frozen=True, kw_only=True)
class Medication(Part):
    """A medicine used before, now or planned; ``drug`` by ATC (7180) or another list."""

    drug: Coded = element("DrugId")
    dosage: Coded | None = optional("DosageCoded", only=_DISCHARGE)
    comment: str | None = optional("Comment")
    status: Code = element("Status")
    form: Coded | None = optional("Form", only=_DISCHARGE)
    route: Coded | None = optional("RouteOfAdm", only=_DISCHARGE)
    duration: Quantity | None = optional("IntendedDuration")
    supplied: Quantity | None = optional("QuantitySupplied")
    unit_dose: Quantity | None = optional("UnitDose")
    dosage_text: str | None = optional("DosageText")


@dataclass(frozen=True, kw_only=True)
class Observation(Part):
    """Anything else: history, symptoms, findings, diagnoses, allergies."""

    description: RichText | None = optional("Description", forms=_PLAIN)
    comment: str | None = optional("Comment")
    coded: Condition | None = optional("CodedDescr", only=_DISCHARGE)


@dataclass(frozen=True, kw_only=True)
class Origin(Part):
    """Who the information comes from."""

    role: Code | None = optional("Role")
    provider: Provider = element("HCP")


@dataclass(frozen=True, kw_only=True)
class RelatedProvider(Part):
    """A health service and what it has to do with the matter."""

    relation: Code = element("Relation")
    role: Code | None = optional("Role")
    provider: Provider = element("HCP")


@dataclass(frozen=True, kw_only=True)
class Information(Part):
    """One piece of clinical information; ``type`` from 8233, as CAVE, FUNN, MEDB."""

    exactly_one: ClassVar[tuple[tuple[str, ...], ...]] = (("result", "medication", "observation"),)

    result: Result | None = optional("ResultItem")
    medication: Medication | None = optional("Medication")
    observation: Observation | None = optional("Observation")
    type: Coded = element("Type", forms=_CODES)
    begins: Timestamp | None = optional("StartDateTime", form=Form.TS, forms=_TIMES)
    ends: Timestamp | None = optional("EndDateTime", form=Form.TS, forms=_TIMES)
    recorded: Timestamp | None = optional("OrgDate", form=Form.TS, forms=_TIMES)
    origin: Origin | None = optional("Origin", only=_DISCHARGE)
    providers: tuple[RelatedProvider, ...] = many("RelHCProvider", only=_DISCHARGE)
