"""The dataclasses have exactly the elements of the official schemas: same names, order, number."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from lxml import etree

from fellesjournal.national.binding import Bound, Form, Part, Schema, bindings, choices
from fellesjournal.national.dialogue import Dialogue
from fellesjournal.national.discharge import DischargeMessage
from fellesjournal.national.envelope import Envelope
from fellesjournal.national.logistics import Logistics
from fellesjournal.national.nursing import Report
from fellesjournal.national.old_referral import OldReferralMessage
from fellesjournal.national.receipts import Receipt
from fellesjournal.national.referral import Referral
from fellesjournal.national.schemas import (
    ADMISSION_REPORT_1_6,
    DIALOGUE_1_0,
    DIALOGUE_1_1,
    DISCHARGE_1_1,
    DISCHARGE_1_2,
    DISCHARGE_REPORT_1_6,
    HEAD,
    HEALTH_INFORMATION_1_6,
    LOGISTICS_1_5,
    LOGISTICS_1_6,
    MEDICAL_INFORMATION_1_6,
    RECEIPT_1_0,
    RECEIPT_1_1,
    REFERRAL_1_1,
    REFERRAL_2_0,
    SERVICES_OFFERED_1_6,
    TO_DOCTOR_1_6,
)
from fellesjournal.national.values import (
    Code,
    Coded,
    Content,
    Foreign,
    Quantity,
    RichText,
    Timestamp,
)

XS = "{http://www.w3.org/2001/XMLSchema}"
ROOTS: list[tuple[type[Part], Schema, str]] = [
    (Envelope, HEAD, "MsgHead"),
    (Receipt, RECEIPT_1_0, "AppRec"),
    (Receipt, RECEIPT_1_1, "AppRec"),
    (Dialogue, DIALOGUE_1_0, "Dialogmelding"),
    (Dialogue, DIALOGUE_1_1, "Dialogmelding"),
    (Referral, REFERRAL_2_0, "Henvisning"),
    (OldReferralMessage, REFERRAL_1_1, "Message"),
    (DischargeMessage, DISCHARGE_1_1, "Message"),
    (DischargeMessage, DISCHARGE_1_2, "Message"),
    (Logistics, LOGISTICS_1_5, "Pasientlogistikk"),
    (Logistics, LOGISTICS_1_6, "Pasientlogistikk"),
    (Report, ADMISSION_REPORT_1_6, "Innleggelsesrapport"),
    (Report, DISCHARGE_REPORT_1_6, "TverrfagligEpikrise"),
    (Report, HEALTH_INFORMATION_1_6, "HelseopplysningerVedSoknad"),
    (Report, SERVICES_OFFERED_1_6, "OrienteringOmTjenestetilbud"),
    (Report, TO_DOCTOR_1_6, "Konsultasjon"),
    (Report, MEDICAL_INFORMATION_1_6, "OverforingMedisinskeOpplysninger"),
]
# Reports to registers are not understood on purpose; then a Document must be there.
LEFT_OUT = {f"{{{HEAD.uri}}}PatientReport"}
STRICTER = {f"{{{HEAD.uri}}}Document"}

# What each type of the schemas is in Python: kind and forms that read it.
LEAVES: dict[str, set[tuple[Any, Form]]] = {
    "string": {(str, Form.TEXT), (RichText, Form.PLAIN)},
    "ST": {(str, Form.TEXT), (RichText, Form.PLAIN)},
    "CS": {(Code, Form.TEXT), (Coded, Form.CS)},
    "CV": {(Coded, Form.TEXT)},
    "TS": {(Timestamp, Form.TS)},
    "dateTime": {(Timestamp, Form.DATE_TIME)},
    "date": {(Timestamp, Form.DATE)},
    "gYear": {(Timestamp, Form.YEAR)},
    "boolean": {(bool, Form.BOOLEAN)},
    "anyType": {(RichText, Form.TEXT)},
    "PQ": {(Quantity, Form.TEXT)},
    "URL": {(str, Form.URL)},
    "INT": {(int, Form.INTEGER)},
    "integer": {(int, Form.INTEGER)},
    "decimal": {(Decimal, Form.DECIMAL)},
    "double": {(Decimal, Form.TEXT)},
    "anyURI": {(str, Form.ADDRESS)},
    "oid": {(str, Form.OID)},
}


class Particle(NamedTuple):
    """An element as it may stand in another; ``choice`` is 0 outside of choices;
    ``must``: one of its alternatives has to be taken.
    """

    tag: str
    least: int
    single: bool
    choice: int
    must: bool
    declared: etree._Element


class Xsd:
    """The schemas as trees: elements and types by namespace and name."""

    def __init__(self, folder: Path) -> None:
        self.elements: dict[str, etree._Element] = {}
        self.types: dict[str, etree._Element] = {}
        self.groups: dict[str, etree._Element] = {}
        for file in sorted(folder.rglob("*.xsd")):
            # pasientkommunikasjon holds another copy of a shared file
            if file.parent.name in {"pasientkommunikasjon", "eresept"}:
                continue
            root = etree.parse(str(file)).getroot()
            for node in root:
                name = f"{{{root.get('targetNamespace')}}}{node.get('name')}"
                if node.tag == f"{XS}element":
                    self.elements[name] = node
                elif node.tag == f"{XS}complexType":
                    self.types[name] = node
                elif node.tag == f"{XS}attributeGroup":
                    self.groups[name] = node

    def particles(self, declared: etree._Element) -> list[Particle]:
        """What may stand inside a declared element, in order."""
        inside = declared.find(f"{XS}complexType")
        if inside is None:
            inside = self.types[self._named(declared, "type")]
        (group,) = [one for one in inside if one.tag in {f"{XS}sequence", f"{XS}choice"}]
        return self._group(group, hash(group) if group.tag == f"{XS}choice" else 0, must=True)

    def attributes(self, declared: etree._Element) -> dict[str, tuple[bool, str | None]]:
        """The attributes of a component of a record: whether each is required, and its value."""
        found = {}
        for one in declared.iterfind(f"{XS}complexType/{XS}attribute"):
            found[self._named(one, "ref")] = (one.get("use") == "required", one.get("fixed"))
        for group in declared.iterfind(f"{XS}complexType/{XS}attributeGroup"):
            for one in self.groups[self._named(group, "ref")].iterfind(f"{XS}attribute"):
                found[str(one.get("name"))] = (one.get("use") == "required", None)
        return found

    def _group(self, group: etree._Element, choice: int, *, must: bool) -> list[Particle]:
        found = []
        optional = any(one.get("minOccurs") == "0" or one.tag != f"{XS}element" for one in group)
        for one in group:
            if one.tag in {f"{XS}sequence", f"{XS}choice"}:
                within = choice or (hash(one) if one.tag == f"{XS}choice" else 0)
                found += self._group(one, within, must=one.get("minOccurs") != "0")
            elif one.tag == f"{XS}element":
                found.append(self._particle(one, choice, must=must and not optional))
        return found

    def _particle(self, node: etree._Element, choice: int, *, must: bool) -> Particle:
        least = int(node.get("minOccurs", "1")) if not choice else 0
        single = node.get("maxOccurs", "1") == "1"
        if node.get("ref"):
            name = self._named(node, "ref")
            return Particle(name, least, single, choice, must, self.elements.get(name, node))
        target = node.getroottree().getroot().get("targetNamespace")
        return Particle(f"{{{target}}}{node.get('name')}", least, single, choice, must, node)

    @staticmethod
    def _named(node: etree._Element, attribute: str) -> str:
        prefix, _, name = (node.get(attribute) or "").rpartition(":")
        return f"{{{node.nsmap[prefix or None]}}}{name}"


@pytest.fixture(scope="module")
def xsd(shared_data: Path) -> Xsd:
    return Xsd(shared_data / "norway" / "xsd")


@pytest.mark.parametrize(("part", "schema", "name"), ROOTS)
def test_every_element_of_the_schema_has_its_field_and_no_other(
    xsd: Xsd, part: type[Part], schema: Schema, name: str
) -> None:
    seen: set[tuple[type[Part], Schema]] = set()
    compare(xsd, part, schema, xsd.elements[f"{{{schema.uri}}}{name}"], seen)
    assert len(seen) > 3


def compare(
    xsd: Xsd,
    part: type[Part],
    schema: Schema,
    declared: etree._Element,
    seen: set[tuple[type[Part], Schema]],
) -> None:
    if (part, schema) in seen:
        return
    seen.add((part, schema))
    where = f"{part.__name__} in {schema.name}"
    particles = [one for one in xsd.particles(declared) if one.tag not in LEFT_OUT]
    bound = [one for one in bindings(part, schema) if one.form is not Form.ATTRIBUTE]
    components(xsd, part, schema, declared)
    place = 0
    for one in particles:
        # inside a choice the order of the alternatives says nothing
        group = {other.tag for other in particles if one.choice and other.choice == one.choice}
        there = bound[place : place + max(len(group), 1)] if group else [bound[place]]
        if group:
            match = next(b for b in bound if b.tag == one.tag)
        else:
            (match,) = there
        assert match.tag == one.tag, where
        number(where, match, one, alternatives(part, schema))
        musts = {f for group in (*choices(part, schema), *part.at_least_one) for f in group}
        if match.tag not in STRICTER:
            assert (bool(one.choice) and one.must) == (match.field in musts), where
        kinds(xsd, where, match, one, seen)
        place += 1
    assert place == len(bound), f"{where}: more fields than elements"


def components(xsd: Xsd, part: type[Part], schema: Schema, declared: etree._Element) -> None:
    """The attributes of a component of a record: no more and no fewer, with the fixed values."""
    said = {one.tag: one for one in bindings(part, schema) if one.form is Form.ATTRIBUTE}
    allowed = xsd.attributes(declared)
    assert set(said) == set(allowed)
    for name, (required, fixed) in allowed.items():
        assert said[name].required == required, name
        if fixed is not None:
            assert said[name].one_of == (fixed,), name


def alternatives(part: type[Part], schema: Schema) -> set[str]:
    groups = (*choices(part, schema), *part.at_most_one, *part.at_least_one)
    return {field for group in groups for field in group}


def number(where: str, match: Bound, one: Particle, alternative: set[str]) -> None:
    assert (match.repeated and not match.single) == (not one.single), f"{where}: {match.field}"
    if match.tag in STRICTER:
        return
    assert match.required == (one.least > 0), f"{where}: {match.field}"
    assert bool(one.choice) == (match.field in alternative), f"{where}: {match.field}"


def kinds(
    xsd: Xsd, where: str, match: Bound, one: Particle, seen: set[tuple[type[Part], Schema]]
) -> None:
    if match.kind in {Content, Foreign}:
        return
    if isinstance(match.kind, type) and issubclass(match.kind, Part):
        compare(xsd, match.kind, match.parts, one.declared, seen)
        return
    name = (one.declared.get("type") or "").rpartition(":")[2]
    assert (match.kind, match.form) in LEAVES[name], f"{where}: {match.field} is {name}"
