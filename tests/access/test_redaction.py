"""Planted addresses and numbers of staff: on no path that hands out bodies, and not to be
found by asking for them (INV-40).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import orjson
import pytest

from fellesjournal.access import patients, records, redaction
from fellesjournal.access.citizens import citizen
from fellesjournal.access.everything import Wanted, everything
from fellesjournal.access.export import export_type
from fellesjournal.access.labels import ADDRESS_PROTECTION, Label
from fellesjournal.access.openings import extra_step
from fellesjournal.access.patients import PersonQuestion
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.access.smart import conditions, scopes
from fellesjournal.access.smart.sessions import SmartSession
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import FhirError, NotAllowed
from fellesjournal.fhir.patch import json_patch
from fellesjournal.registry.numbers import FNR_SYSTEM, HPR_SYSTEM
from fellesjournal.store.facts import hasher
from fellesjournal.store.read import Stored
from tests.staff import employ, put, register, staff
from tests.surfaces.statements import counted

pytestmark = pytest.mark.django_db

STREET, CITY, PHONE, NUMBER = "Skjulestien 77", "HEMMELIGSTED", "99887766", "13116900216"
MAIL = "skjult@example.org"
PLANTED = (STREET, CITY, PHONE, MAIL)
SECRET = {"security": [{"system": ADDRESS_PROTECTION, "code": "strengtFortrolig"}]}
WHERE: dict[str, Any] = {
    "address": [{"use": "home", "line": [STREET], "city": CITY}],
    "telecom": [{"system": "phone", "value": PHONE}, {"system": "email", "value": MAIL}],
}


@pytest.fixture
def doctor() -> Session:
    """Doctor d, on whose list p (strictly confidential address) and q (open) are."""
    return _plant()


@pytest.fixture
def settled(empty_record: None) -> Session:
    """The same, committed: histories and exports tell only what is settled."""
    del empty_record
    return _plant()


def _plant() -> Session:
    session = employ("d")
    put(
        "Practitioner", "d",
        name=[{"family": "d"}],
        birthDate="1969-11-13",
        identifier=[
            {"system": FNR_SYSTEM, "value": NUMBER}, {"system": HPR_SYSTEM, "value": "500000001"}
        ],
        text={"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{NUMBER}</div>'},
    )  # fmt: skip
    register("p", "Practitioner/d", name=[{"family": "Skjult"}], **WHERE)  # before the protection
    _protect()
    register("q", "Practitioner/d", address=[{"line": ["Storgata 1"], "city": "TRONDHEIM"}])
    put("RelatedPerson", "mother", patient={"reference": "Patient/p"}, **WHERE)
    put(
        "Observation", "o", status="final", code={"text": "x"},
        valueQuantity={"value": 1.5}, subject={"reference": "Patient/p"},
        performer=[
            {"identifier": {"system": FNR_SYSTEM, "value": NUMBER}, "display": "d"},
            {"reference": "#c"}, {"reference": "#e"},
        ],
        contained=[
            {"resourceType": "RelatedPerson", "id": "c", "patient": {"reference": "Patient/p"}, **WHERE},
            {"resourceType": "Practitioner", "id": "e",
             "identifier": [{"system": FNR_SYSTEM, "value": NUMBER}]},
        ],
    )  # fmt: skip
    return session.again()


def _protect(**more: Any) -> None:
    register(
        "p", "Practitioner/d", meta=SECRET, name=[{"family": "Skjult"}],
        contact=[{"name": {"family": "Nær"}, "address": {"line": [STREET]}, "telecom": WHERE["telecom"]}],
        extension=[{"url": "https://example.org/place", "valueAddress": {"line": [STREET]}}],
        text={"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{STREET}</div>'},
        **{**WHERE, **more},
    )  # fmt: skip


def app_of(session: Session, scope: str = "user/*.cruds") -> SmartSession:
    """The same person through an app."""
    held = {field.name: getattr(session, field.name) for field in fields(Session)}
    return SmartSession(**held, client_id="app", scopes=scopes.access_of(scopes.parse(scope)))


# --- every path ---------------------------------------------------------------------------------


def _all_types(session: Session) -> Iterator[bytes]:
    for name in ("Patient", "RelatedPerson", "Observation", "Practitioner"):
        yield from export_type(session, name)


def _bodies(found: Any) -> Iterator[bytes]:
    for stored in found:
        yield stored.body or b""


PATHS: dict[str, Callable[[Session], Iterator[bytes]]] = {
    "read": lambda s: _bodies([records.read(s, "Patient", "p")]),
    "read of one near to her": lambda s: _bodies([records.read(s, "RelatedPerson", "mother")]),
    "read of what contains": lambda s: _bodies([records.read(s, "Observation", "o")]),
    "vread of now": lambda s: _bodies([records.read_version(s, "Patient", "p", 2)]),
    "vread from before": lambda s: _bodies([records.read_version(s, "Patient", "p", 1)]),
    "history of one": lambda s: _bodies(
        e.stored for e in records.history(s, type_name="Patient", fhir_id="p").events
    ),
    "history of a type": lambda s: _bodies(
        e.stored for e in records.history(s, type_name="Patient").events
    ),
    "history of all": lambda s: _bodies(e.stored for e in records.history(s, count=100).events),
    "search": lambda s: _bodies(records.search(s, "Patient", []).matches),
    "search for elements": lambda s: _bodies(
        records.search(s, "Patient", [("_elements", "address,telecom,contact")]).matches
    ),
    "search of all types": lambda s: _bodies(
        records.search(s, None, [("_type", "Patient,RelatedPerson,Practitioner")]).matches
    ),
    "include": lambda s: _bodies(
        stored for stored, _ in records.search(
            s, "Observation",
            [("_include", "Observation:subject"), ("_include:iterate", "Patient:general-practitioner")],
        ).entries
    ),
    "revinclude": lambda s: _bodies(
        stored for stored, _ in records.search(
            s, "Patient", [("_id", "p"), ("_revinclude", "RelatedPerson:patient")]
        ).entries
    ),
    "everything": lambda s: _bodies(
        stored for stored, _ in everything(s, "p", Wanted(), count=50, cursor=None).entries
    ),
    "export": _all_types,
    "the pages of the clinic: chart": lambda s: _bodies(
        stored
        for found in patients.record_of(s, "p", {"Patient": 5, "RelatedPerson": 5, "Observation": 5}).values()
        for stored in found
    ),
    "the pages of the clinic: known": lambda s: _bodies(
        patients.read_known(s, [("Patient", "p"), ("RelatedPerson", "mother"), ("Practitioner", "d")])
    ),
    "the pages of the clinic: finding": lambda s: _bodies(
        stored for stored, _ in patients.find(s, PersonQuestion(words=("skjult",)), limit=5)
    ),
    "the answer of a write": lambda s: _bodies(
        written.stored for written in write(s, [_observation(s)])
    ),
}  # fmt: skip


def _observation(session: Session) -> Operation:
    held = {
        "resourceType": "RelatedPerson",
        "id": "c",
        "patient": {"reference": "Patient/p"},
        **WHERE,
    }
    data = {
        "resourceType": "Observation", "status": "final", "code": {"text": "x"},
        "subject": {"reference": "Patient/p"}, "contained": [held], "performer": [{"reference": "#c"}],
    }  # fmt: skip
    return Operation("create", "Observation", body=bodies.parse(orjson.dumps(data)))


SETTLED = ("history of a type", "history of all", "export")
AT_ONCE = [path for path in PATHS if path not in SETTLED]


@pytest.mark.parametrize("path", SETTLED)
def test_what_is_settled_tells_neither_place_nor_number(settled: Session, path: str) -> None:
    for session in (settled, app_of(settled), citizen("p")):
        found = b"".join(PATHS[path](session))
        assert b"Skjult" in found
        for planted in (*PLANTED, *(() if session is settled else (NUMBER,))):
            assert planted.encode() not in found, (path, planted)
    extra_step(settled, "p", Label.PROTECTED_ADDRESS_6, "needed-now")
    assert STREET.encode() in b"".join(PATHS[path](settled.again()))


@pytest.mark.parametrize("path", AT_ONCE)
def test_no_path_tells_where_a_protected_person_is(doctor: Session, path: str) -> None:
    for session in (doctor, app_of(doctor)):
        found = list(PATHS[path](session))
        assert found
        for planted in PLANTED:
            assert all(planted.encode() not in body for body in found), (path, planted)


@pytest.mark.parametrize("path", AT_ONCE)
def test_the_extra_step_shows_it_on_every_path(doctor: Session, path: str) -> None:
    extra_step(doctor, "p", Label.PROTECTED_ADDRESS_6, "needed-now")
    found = b"".join(PATHS[path](doctor.again()))
    assert STREET.encode() in found or "search for" in path, path


def test_the_step_of_one_person_shows_it_to_no_other(doctor: Session) -> None:
    extra_step(doctor, "p", Label.PROTECTED_ADDRESS_6, "needed-now")
    employ("e")
    register_both = records.read(system_session("system:test", purpose="HOPERAT"), "Patient", "p")
    data = orjson.loads(register_both.body or b"")
    data["generalPractitioner"].append({"reference": "Practitioner/e"})
    del data["resourceType"], data["id"]
    put("Patient", "p", **data)
    assert STREET.encode() in (records.read(doctor.again(), "Patient", "p").body or b"")
    assert STREET.encode() not in (records.read(staff("e"), "Patient", "p").body or b"")


def test_the_step_for_code_seven_does_not_open_code_six(doctor: Session) -> None:
    extra_step(doctor, "p", Label.PROTECTED_ADDRESS_7, "needed-now")
    assert STREET.encode() not in (records.read(doctor.again(), "Patient", "p").body or b"")


def test_what_is_open_stays_as_it_was_written(doctor: Session) -> None:
    system = system_session("system:test", purpose="HOPERAT")
    assert records.read(doctor, "Patient", "q").body == records.read(system, "Patient", "q").body
    whole = orjson.loads(records.read(doctor, "Patient", "p").body or b"")
    assert whole["name"] == [{"family": "Skjult"}]
    assert whole["meta"]["tag"][0]["code"] == "SUBSETTED"


def test_the_citizen_sees_her_record_without_it(doctor: Session) -> None:
    del doctor
    for path in ("read", "search", "everything", "history of one"):
        body = b"".join(PATHS[path](citizen("p")))
        assert b"Skjult" in body
        assert all(planted.encode() not in body for planted in PLANTED), path


# --- numbers of staff -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["include", "everything", "read of what contains",
                                  "the pages of the clinic: known", "search of all types"])  # fmt: skip
def test_no_path_tells_citizens_or_apps_the_number_of_staff(doctor: Session, path: str) -> None:
    for session in (citizen("p"), app_of(doctor)):
        found = b"".join(PATHS[path](session))
        assert found
        assert NUMBER.encode() not in found
        assert b"1969-11-13" not in found


def test_the_authorisation_number_stays(doctor: Session) -> None:
    shown = orjson.loads(records.read(app_of(doctor), "Practitioner", "d").body or b"")
    assert [each["system"] for each in shown["identifier"]] == [HPR_SYSTEM]


def test_the_number_of_the_patient_stays_hers(doctor: Session) -> None:
    put("Patient", "r", identifier=[{"system": FNR_SYSTEM, "value": "14116900113"}])
    assert b"14116900113" in (records.read(citizen("r"), "Patient", "r").body or b"")
    del doctor


# --- asking for it --------------------------------------------------------------------------------


def _ids(session: Session, kind: str, *query: tuple[str, str]) -> list[str]:
    return [stored.id for stored in records.search(session, kind, list(query)).matches]


ASKING = [
    ("Patient", ("address", STREET)),
    ("Patient", ("address:contains", "stien")),
    ("Patient", ("address-city", CITY)),
    ("Patient", ("phone", PHONE)),
    ("Patient", ("email", MAIL)),
    ("Patient", ("telecom", f"phone|{PHONE}")),
    ("Patient", ("_filter", f'address-city eq "{CITY}"')),
    ("Patient", ("_filter", 'address-city ew "STED"')),
    ("Patient", ("_has:RelatedPerson:patient:address-city", CITY)),
    ("RelatedPerson", ("address-city", CITY)),
    ("RelatedPerson", ("phone", PHONE)),
    ("Observation", ("subject:Patient.address-city", CITY)),
    ("Observation", ("patient.phone", PHONE)),
]


@pytest.mark.parametrize(("kind", "query"), ASKING, ids=str)
def test_nobody_finds_her_by_where_she_is(
    doctor: Session, kind: str, query: tuple[str, str]
) -> None:
    system = system_session("system:test", purpose="HOPERAT")
    assert _ids(system, kind, query)  # it would be found
    assert _ids(doctor, kind, query) == []
    assert _ids(app_of(doctor), kind, query) == []
    assert _ids(citizen("p"), kind, query) == []
    extra_step(doctor, "p", Label.PROTECTED_ADDRESS_6, "needed-now")
    assert _ids(doctor.again(), kind, query)


def test_those_without_protection_are_found_by_address(doctor: Session) -> None:
    assert _ids(doctor, "Patient", ("address-city", "Trondheim")) == ["q"]


@pytest.mark.parametrize("missing", ["true", "false"])
def test_whether_there_is_an_address_can_not_be_asked(doctor: Session, missing: str) -> None:
    assert "p" not in _ids(doctor, "Patient", ("address:missing", missing))


@pytest.mark.parametrize("order", ["address", "-address", "address-city", "phone"])
def test_no_order_tells_it(doctor: Session, order: str) -> None:
    def found() -> list[str]:
        return _ids(doctor.again(), "Patient", ("_sort", order))

    register("s", "Practitioner/d", **{**WHERE, "address": [{"line": ["M"], "city": "M"}]})
    orders = []
    for text in ("AAA", "ZZZ"):
        _protect(
            address=[{"line": [text], "city": text}],
            telecom=[{"system": "phone", "value": text}],
        )
        orders.append(found())
    assert orders[0] == orders[1]


def test_nobody_finds_staff_by_a_national_number(doctor: Session) -> None:
    for value in (NUMBER, f"{FNR_SYSTEM}|{NUMBER}"):
        for session in (citizen("p"), app_of(doctor)):
            assert _ids(session, "Practitioner", ("identifier", value)) == []
            chained = ("practitioner.identifier", value)
            assert _ids(session, "PractitionerRole", chained) == []
    assert _ids(citizen("p"), "Practitioner", ("identifier", f"{HPR_SYSTEM}|500000001")) == ["d"]


def test_a_scope_restricted_by_where_she_is_opens_nothing_of_hers(doctor: Session) -> None:
    database = doctor.connection()
    register("q", "Practitioner/d", address=[{"use": "home", "city": "TRONDHEIM"}])
    for query, people in (("address-use=home", ["q"]), (f"phone={PHONE}", [])):
        held = scopes.access_of(scopes.parse(f"user/Patient.rs?{query}"))
        restricted = doctor.narrowed(see=(conditions.readable(held, hasher(database)),))
        assert _ids(restricted, "Patient") == people, query


def test_a_labelled_copy_inside_a_bundle_is_cut(doctor: Session) -> None:
    copy = {"resourceType": "Patient", "id": "p", "meta": SECRET, **WHERE}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": copy}]}
    stored = Stored(1, "Bundle", "b", 1, 1, 0, orjson.dumps(bundle))
    (cut,) = redaction.shown(doctor, [stored])
    assert cut.body is not None
    assert all(planted.encode() not in cut.body for planted in PLANTED)


# --- writing what one sees in part ------------------------------------------------------------------


def test_a_patch_can_not_probe_or_lose_what_is_hidden(doctor: Session) -> None:
    probe = json_patch(orjson.dumps([{"op": "test", "path": "/address/0/city", "value": CITY}]))
    wrong = json_patch(orjson.dumps([{"op": "test", "path": "/address/0/city", "value": "OSLO"}]))
    for patch in (probe, wrong):
        with pytest.raises(NotAllowed):
            write(doctor.again(), [Operation("patch", "Patient", id="p", patch=patch)])


def test_an_update_can_not_lose_what_is_hidden(doctor: Session) -> None:
    shown = orjson.loads(records.read(doctor, "Patient", "p").body or b"")
    del shown["meta"]
    body = bodies.parse(orjson.dumps(shown))
    with pytest.raises(FhirError):
        write(doctor.again(), [Operation("update", "Patient", id="p", body=body)])
    system = system_session("system:test", purpose="HOPERAT")
    assert STREET.encode() in (records.read(system, "Patient", "p").body or b"")


def test_escapes_hide_nothing_from_the_cut(doctor: Session) -> None:
    raw = (
        b'{"resourceType":"Patient","id":"x","meta":{"security":[{"system":'
        b'"http://ehelse.no/fhir/CodeSystem/gd-address-confidentialit\\u0079","code":"fortrolig"}]},'
        b'"generalPractitioner":[{"reference":"Practitioner/d"}],'
        b'"a\\u0064dress":[{"city":"HEMMELIGSTED"}]}'
    )
    system = system_session("system:test", purpose="HOPERAT")
    write(system, [Operation("update", "Patient", id="x", body=bodies.parse(raw))])
    assert CITY.encode() not in (records.read(doctor.again(), "Patient", "x").body or b"")
    assert redaction.shown(system, []) == []


@pytest.mark.parametrize(
    "system",
    [
        rb"http:\/\/hl7.no\/fhir\/NamingSystem\/FNR",
        rb"http://hl7.no/fhir/NamingSystem/FN\u0052",
        rb"\u0068ttp://hl7.no/fhir/NamingSystem/FNR",
    ],
)
def test_escapes_hide_no_number_of_staff(doctor: Session, system: bytes) -> None:
    raw = (
        b'{"resourceType":"Observation","id":"spelled","status":"final","code":{"text":"x"},'
        b'"subject":{"reference":"Patient/p"},"performer":[{"identifier":{"system":"' + system
        + b'","value":"' + NUMBER.encode() + b'"}}]}'
    )  # fmt: skip
    platform = system_session("system:test", purpose="HOPERAT")
    write(platform, [Operation("update", "Observation", id="spelled", body=bodies.parse(raw))])
    for session in (citizen("p"), app_of(doctor)):
        assert NUMBER.encode() not in (records.read(session, "Observation", "spelled").body or b"")


def test_escaped_letters_cost_no_look_into_the_body(doctor: Session) -> None:
    """Writers that escape all that is not ASCII hide nothing by it: the bytes go out as they are."""
    raw = (
        b'{"resourceType":"Observation","id":"letters","status":"final","code":{"text":"Nordm'
        b'\\u00f8re"},"subject":{"reference":"Patient/p"}}'
    )
    platform = system_session("system:test", purpose="HOPERAT")
    write(platform, [Operation("update", "Observation", id="letters", body=bodies.parse(raw))])
    session = app_of(doctor)
    session.connection()
    with counted() as statements:
        assert b"\\u00f8" in (records.read(session, "Observation", "letters").body or b"")
    assert len(statements) == 2  # to enter, for a test is in a transaction, and to read
