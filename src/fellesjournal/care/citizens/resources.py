"""Reading Patient resources, from the Norwegian profile or any other system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element, Moment, Precision
from fellesjournal.registry.numbers import DNR_SYSTEM, FHN_SYSTEM, FNR_SYSTEM

# In the order they identify a person by; the keys are also what the page calls the number.
_NUMBER_KINDS = {FNR_SYSTEM: "fnr", DNR_SYSTEM: "dnr", FHN_SYSTEM: "fhn"}
_FOREIGN_KINDS = {"SS": "ssn", "MR": "mrn"}
# ehelse.no gd-address-confidentiality: code 6 "strictly confidential", 7 "confidential"
_PROTECTED = {"6", "7", "strengtFortrolig", "fortrolig"}


@dataclass(frozen=True, slots=True)
class Person:
    """What identifies a patient on every page.

    ``number_kind`` is fnr, dnr, fhn, ssn, mrn, other or "" (no number); ``born`` and ``died``
    may be a mere year. ``protected`` says that the address must not be shown.
    """

    id: str
    name: str
    number: str
    number_kind: str
    sex: str
    born: Moment | None
    died: Moment | None
    dead: bool
    protected: bool
    address: str
    telephone: str
    language: str
    general_practitioner: str

    def age_on(self, day: date) -> int | None:
        """Whole years, at death for the dead; None when the birth date is unknown."""
        if self.born is None:
            return None
        end = self.died.at.date() if self.died else day
        born = self.born.at.date()
        years = end.year - born.year - ((end.month, end.day) < (born.month, born.day))
        return max(years, 0)

    def months_on(self, day: date) -> int | None:
        """Whole months, for small children."""
        if self.born is None:
            return None
        end = self.died.at.date() if self.died else day
        born = self.born.at.date()
        months = (end.year - born.year) * 12 + end.month - born.month - (end.day < born.day)
        return max(months, 0)

    def days_on(self, day: date) -> int | None:
        """Whole days, for the newborn; None when the day of birth is unknown."""
        if self.born is None or self.born.precision.value < Precision.DAY.value:
            return None
        end = self.died.at.date() if self.died else day
        return max((end - self.born.at.date()).days, 0)


def person(resource: Element) -> Person:
    """A Patient resource as a :class:`Person`; what is absent is empty."""
    number, kind = _number(resource)
    died = reading.moment(resource.get("deceasedDateTime"))
    protected = _is_protected(resource)
    return Person(
        id=reading.string(resource.get("id")),
        name=reading.name_text(resource.get("name")),
        number=number,
        number_kind=kind,
        sex=reading.string(resource.get("gender")),
        born=reading.moment(resource.get("birthDate")),
        died=died,
        dead=died is not None or resource.get("deceasedBoolean") is True,
        protected=protected,
        # INV-40: a protected address never leaves authorised views.
        address="" if protected else _address(resource),
        telephone="" if protected else _telephone(resource),
        language=_language(resource),
        general_practitioner=next(
            (
                text
                for reference in reading.elements(resource.get("generalPractitioner"))
                if (text := reading.reference_text(reference))
            ),
            "",
        ),
    )


def _number(resource: Element) -> tuple[str, str]:
    found: list[tuple[int, str, str]] = []
    for identifier in reading.elements(resource.get("identifier")):
        value = reading.string(identifier.get("value"))
        if not value or identifier.get("use") == "old":
            continue
        system = reading.string(identifier.get("system"))
        if system in _NUMBER_KINDS:
            found.append((list(_NUMBER_KINDS).index(system), value, _NUMBER_KINDS[system]))
            continue
        kind = _FOREIGN_KINDS.get(reading.first_code(identifier.get("type")), "other")
        found.append(({"ssn": 5, "mrn": 6}.get(kind, 7), value, kind))
    if not found:
        return "", ""
    _, value, kind = min(found, key=lambda entry: entry[0])
    return value, kind


def _is_protected(resource: Element) -> bool:
    """Whether an address is marked as confidential: by the Norwegian profile's extension on
    person or address, or by a security label of the resource.
    """
    meta = resource.get("meta")
    labels = meta.get("security") if isinstance(meta, dict) else None
    for label in reading.elements(labels):
        system = reading.string(label.get("system")).lower()
        if "confidentiality" in system and reading.string(label.get("code")) in _PROTECTED:
            return True
    carriers = [resource, *reading.elements(resource.get("address"))]
    for carrier in carriers:
        for extension in reading.elements(carrier.get("extension")):
            url = reading.string(extension.get("url")).lower()
            if "confidentiality" not in url:
                continue
            value = extension.get("valueCodeableConcept") or extension.get("valueCoding")
            codes = {code for _, code, _ in reading.codings(value)}
            codes.add(reading.string(extension.get("valueCode")))
            if codes & _PROTECTED:
                return True
    return False


def _address(resource: Element) -> str:
    for address in reading.elements(resource.get("address")):
        if address.get("use") in {"old", "billing"}:
            continue
        if text := reading.string(address.get("text")):
            return text
        lines = address.get("line")
        parts = [reading.string(line) for line in lines] if isinstance(lines, list) else []
        place = f"{reading.string(address.get('postalCode'))} {reading.string(address.get('city'))}"
        return ", ".join(part for part in [*parts, place.strip()] if part)
    return ""


def _telephone(resource: Element) -> str:
    return next(
        (
            value
            for telecom in reading.elements(resource.get("telecom"))
            if telecom.get("system") in {"phone", "sms"}
            and telecom.get("use") != "old"
            and (value := reading.string(telecom.get("value")))
        ),
        "",
    )


def _language(resource: Element) -> str:
    spoken = list(reading.elements(resource.get("communication")))
    preferred = [entry for entry in spoken if entry.get("preferred") is True] or spoken
    return next((text for e in preferred if (text := reading.concept_text(e.get("language")))), "")
