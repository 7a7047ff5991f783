"""Every operator of search, compartments, everything, histories, Bundles: nothing beyond the allowed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from fellesjournal.access import export, patients
from fellesjournal.access.patients import PersonQuestion
from tests.access.oracle.population import moment
from tests.access.oracle.world import Asking, World, pages, references
from tests.surfaces.fhir_api.client import bundle, entry

SEARCHES = (
    "Observation?code=8867-4", "Observation?code:text=pulse", "Observation?date=gt2026-01-01",
    "Observation?date=lt2026-01-01&_sort=date", "Observation?value-quantity=gt100",
    "Observation?code-value-quantity=8867-4$gt60", "Observation?_sort=-date,code",
    "Observation?_sort=_id&_count=3", "Observation?_count=2", "Observation?code:not=8867-4",
    "Observation?date:missing=true", "Observation?_lastUpdated=gt2020-01-01&_count=7",
    "Observation?subject:Patient.name=Berg", "Observation?patient.birthdate=gt1960",
    "Observation?patient.general-practitioner:Practitioner.name=w0",
    "Observation?derived-from:Observation.code=8867-4", "Observation?performer:Practitioner.name=w",
    "Observation?_filter=code eq 8867-4 or not (date gt 2026-01-01)",
    "Observation?_filter=subject:Patient.name sw Berg", "Observation?has-member:missing=true",
    "Observation?_include=*&_include:iterate=*", "Observation?_include=Observation:derived-from",
    "Observation?_include:iterate=Observation:derived-from&_revinclude:iterate=Observation:derived-from",
    "Observation?_revinclude=*", "Observation?_revinclude=DiagnosticReport:result&_count=4",
    "Observation?_revinclude=List:item", "Observation?_revinclude=Communication:patient",
    "Observation?_has:DiagnosticReport:result:status=final",
    "Observation?_has:List:item:status=current",
    "Observation?_has:DiagnosticReport:result:patient.name=Berg",
    "Observation?_security=http://terminology.hl7.org/CodeSystem/v3-ActCode|PSY",
    "Observation?_security:not=http://terminology.hl7.org/CodeSystem/v3-ActCode|PSY",
    "Observation?_elements=code", "Observation?_summary=true", "Observation?focus:missing=false",
    "DiagnosticReport?result.code=8867-4", "DiagnosticReport?result:Observation.patient.name=Berg",
    "DiagnosticReport?_include=DiagnosticReport:result&_include:iterate=Observation:subject",
    "Communication?sender:missing=false&_include=Communication:sender",
    "Communication?_include=Communication:*", "Appointment?_include=Appointment:actor",
    "Appointment?actor:Patient.name=Berg", "Appointment?date=ge2026-01-01&_sort=date",
    "Patient?name=berg", "Patient?name:contains=er", "Patient?phonetic=berk", "Patient?birthdate=lt1990",
    "Patient?identifier=http://x.test/no|00001", "Patient?identifier=00002",
    "Patient?_has:Observation:patient:code=8867-4",
    "Patient?_has:Observation:patient:_has:DiagnosticReport:result:status=final",
    "Patient?_has:Appointment:patient:date=gt2026-01-01", "Patient?_has:Consent:patient:status=active",
    "Patient?_has:Communication:sender:status=completed", "Patient?_sort=birthdate&_count=2",
    "Patient?_sort=-name", "Patient?_revinclude=*", "Patient?general-practitioner:missing=false",
    "Patient?_revinclude=Observation:subject&_revinclude:iterate=DiagnosticReport:result",
    "Patient?organization:missing=true", "Patient?link:missing=true", "RelatedPerson?name=near",
    "Practitioner?_revinclude=*", "Practitioner?_has:Encounter:participant:status=in-progress",
    "Practitioner?_revinclude=Observation:performer&_revinclude=Patient:general-practitioner",
    "PractitionerRole?_include=*", "Organization?_revinclude=*",
    "Organization?_has:Patient:organization:name=Berg", "Encounter?participant:missing=false",
    "Encounter?_include=*", "Group?member:missing=false", "Group?_include=Group:member",
    "List?item:missing=false&_include=List:item", "List?subject:missing=true", "Provenance?_include=*",
    "Provenance?target:Patient.name=Berg", "Task?_include=*", "Consent?_include=*", "Binary", "ValueSet",
    "CareTeam?participant:missing=false", "MeasureReport", "Coverage?_include=*",
    "?_type=Observation,Patient,Group&_count=9", "?_type=Patient,Observation&_lastUpdated=gt2020-01-01",
    "?_type=Observation,Appointment&_sort=-_lastUpdated", "?_lastUpdated=gt2020-01-01",
)  # fmt: skip
"""Searches that a reader may ask; those by an id follow below."""


@pytest.fixture(scope="module")
def everybody(world: World) -> list[Asking]:
    return [*world.staff(), *world.citizens()]


def check(asking: Asking, found: list[str], address: str) -> None:
    beyond = set(found) - asking.current - asking.truth.unjudged
    assert not beyond, (asking.name, address)


def of_one(asking: Asking) -> Iterator[str]:
    """Questions about single patients and resources, hidden and seen."""
    for patient in asking.truth.versions:
        if not patient.startswith("Patient/p"):
            continue
        fhir_id = patient.removeprefix("Patient/")
        yield f"Observation?patient={fhir_id}"
        yield f"Observation?subject={patient}&code=8867-4,29463-7&_sort=-date"
        yield f"Task?patient={fhir_id}&_revinclude=*"
        yield f"Communication?sender={patient}"
        yield f"Group?member={patient}"
        yield f"Appointment?actor={patient}&_include=*"
        yield f"Patient?_id={fhir_id}&_revinclude=*&_include=*"
        yield f"{patient}/*"
        yield f"{patient}/Observation?_include=*"
        yield f"{patient}/Group"


def test_no_search_shows_more_than_is_allowed(everybody: list[Asking]) -> None:
    shown = 0
    for turn, asking in enumerate(everybody):
        hidden = sorted(set(asking.truth.versions) - asking.current)
        lists = [key for key in asking.truth.versions if key.startswith("List/")]
        addresses = [*SEARCHES, *of_one(asking)]
        addresses += [f"Observation?_list={each.removeprefix('List/')}" for each in lists[:4]]
        addresses += [f"DiagnosticReport?result={key}" for key in hidden if "Observation" in key][
            :5
        ]
        # each is asked by some of the staff and by some citizens
        every = 3 if asking.name.startswith("w") else 7
        addresses = addresses[turn % every :: every]
        for address in addresses:
            join = "&" if "?" in address else "?"
            answer = asking.client.get(
                address if "_count" in address else f"{address}{join}_count=500"
            )
            if (
                answer.status == 403
            ):  # a part of the record in which she does not act: no search there
                assert b"not open" in answer.body, (address, answer.body)
                continue
            assert answer.status == 200, (address, answer.body)
            found = references(answer.resources)
            check(asking, found, address)
            shown += len(found)
    assert shown > 1000


def test_pages_go_through_all_that_is_allowed_and_nothing_else(everybody: list[Asking]) -> None:
    for asking in everybody:
        for name, count in (("Observation", 3), ("Patient", 1), ("Appointment", 2)):
            for sort in ("", "&_sort=date" if name != "Patient" else "&_sort=-birthdate"):
                answers = pages(asking.client, f"{name}?_count={count}&_total=accurate{sort}")
                found = list(itertools.chain(*(references(each.resources) for each in answers)))
                assert sorted(found) == sorted(asking.of_type(name)), (asking.name, name)
                assert {each.json["total"] for each in answers} == {len(found)}
            counted = asking.client.get(f"{name}?_summary=count").json["total"]
            assert counted == len(asking.of_type(name))


def test_histories_show_the_versions_that_are_allowed(everybody: list[Asking]) -> None:
    for asking in everybody[::2]:
        wanted = {
            (key, n)
            for key, versions in asking.seen.items()
            for n in versions
            if key.startswith("Observation/")
        }
        found = set()
        for answer in pages(asking.client, "Observation/_history?_count=40"):
            for each in answer.json.get("entry", []):
                name, fhir_id = each["fullUrl"].split("/")[-2:]
                found.add((f"{name}/{fhir_id}", int(each["response"]["etag"][3:-1])))
        assert found == wanted, asking.name
        for answer in pages(asking.client, "_history?_count=300"):
            shown = {
                "/".join(each["fullUrl"].split("/")[-2:]) for each in answer.json.get("entry", [])
            }
            assert (
                not shown
                - {key for key, versions in asking.seen.items() if versions}
                - asking.truth.unjudged
            )
        for key in itertools.islice(
            (k for k in asking.seen if len(asking.truth.versions[k]) > 1), 12
        ):
            answer = asking.client.get(f"{key}/_history")
            versions = asking.seen[key]
            assert answer.status == (200 if versions else 404), (asking.name, key)
            if versions:
                assert answer.json["total"] == len(versions)


def test_everything_is_nothing_beyond_the_allowed(everybody: list[Asking]) -> None:
    for asking in everybody:
        for patient in (k for k in asking.truth.versions if k.startswith("Patient/")):
            answers = pages(asking.client, f"{patient}/$everything?_count=7")
            if patient not in asking.current:
                assert answers[0].status == 404
                continue
            found = [key for each in answers for key in references(each.resources)]
            check(asking, found, patient)
            own = {key for key in asking.of_type("Observation")
                   if about_of(asking, key) == patient}  # fmt: skip
            assert own <= set(found)


def about_of(asking: Asking, key: str) -> str:
    data = asking.truth.versions[key][-1]
    assert data is not None
    return str(data["subject"]["reference"])


def test_a_chart_and_a_look_up_of_people_show_what_is_allowed(everybody: list[Asking]) -> None:
    limits = {"Observation": 100, "Appointment": 100, "Communication": 100, "Patient": 5}
    for asking in everybody:
        session = asking.session
        for patient in (k for k in asking.truth.versions if k.startswith("Patient/")):
            chart = patients.record_of(session.again(), patient.removeprefix("Patient/"), limits)
            found = [f"{name}/{stored.id}" for name, each in chart.items() for stored in each]
            check(asking, found, patient)
            assert bool(found) == (patient in asking.current)
        keys = [(name, fhir_id) for name, fhir_id in (k.split("/") for k in asking.truth.versions)]
        known = {stored.reference for stored in patients.read_known(session.again(), keys)}
        assert known == asking.current
        for question in (PersonQuestion(words=("berg",)), PersonQuestion(words=("berk", "ka")),
                         PersonQuestion(number="00001"), PersonQuestion(words=("barn",))):  # fmt: skip
            people = patients.find(session.again(), question, limit=50)
            check(asking, [stored.reference for stored, _ in people], str(question))
        names = {f"Patient/{stored.id}" for stored, _ in patients.find(
            session.again(), PersonQuestion(words=("berg",)), limit=50)}  # fmt: skip
        assert names == {key for key in asking.of_type("Patient") if key.startswith("Patient/p")}


def test_an_export_is_what_is_allowed_even_when_two_take_turns(everybody: list[Asking]) -> None:
    def exported(asking: Asking) -> Iterator[str]:
        for body in export.export_type(asking.session.again(), "Observation"):
            yield f"Observation/{orjson.loads(body)['id']}"

    for one, other in itertools.pairwise(everybody):
        first, second = exported(one), exported(other)
        found: tuple[list[str], list[str]] = ([], [])
        for a, b in itertools.zip_longest(first, second):
            found[0].extend([a] if a else [])
            found[1].extend([b] if b else [])
        assert sorted(found[0]) == sorted(one.of_type("Observation"))
        assert sorted(found[1]) == sorted(other.of_type("Observation"))


def test_entries_of_a_batch_show_what_is_allowed(everybody: list[Asking]) -> None:
    for asking in everybody:
        keys = [
            key for key in asking.truth.versions if key.startswith(("Observation/", "Patient/"))
        ][:40]
        entries = [entry("GET", key) for key in keys] + [entry("GET", "Observation?_count=500")]
        for kind in ("batch", "transaction"):
            asked = [e for e, key in zip(entries, keys, strict=False)
                     if kind == "batch" or key in asking.current] + entries[-1:]  # fmt: skip
            answer = asking.client.post("", bundle(kind, *asked))
            assert answer.status == 200, answer.body
            found: list[Any] = [each.get("resource") for each in answer.json["entry"]]
            inner = [r for r in found if r and r["resourceType"] == "Bundle"]
            plain = [
                r for r in found if r and r["resourceType"] not in {"Bundle", "OperationOutcome"}
            ]
            check(asking, references(plain), kind)
            assert sorted(references(plain)) == sorted(set(keys) & asking.current)
            check(asking, references([e["resource"] for e in inner[0].get("entry", [])]), kind)
        for key in keys:
            if key not in asking.current and not asking.seen[key]:
                answer = asking.client.post("", bundle("transaction", entry("GET", key)))
                assert answer.status == 404
                break


def test_a_page_that_was_begun_shows_nothing_that_was_closed_since(world: World) -> None:
    everybody = world.staff()
    asking = max(everybody, key=lambda each: len(each.of_type("Observation")))
    first = asking.client.get("Observation?_count=1&_sort=date")
    following = first.link("next")
    if following is None:
        pytest.skip("nobody sees two observations in this population")
    own = sorted(about_of(asking, key) for key in asking.of_type("Observation"))
    patient = max(own, key=own.count)
    actor = [{"role": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                                   "code": "PRCP"}]},
              "reference": {"reference": f"Practitioner/{asking.name}"}}]  # fmt: skip
    block = {
        "resourceType": "Consent", "id": "late-block", "status": "active",
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope",
                              "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                                  "code": "IDSCL"}]}],
        "patient": {"reference": patient}, "policyRule": {"text": "block"}, "dateTime": moment(0),
        "provision": {"provision": [{"type": "deny", "actor": actor}]},
    }  # fmt: skip
    world.apply(block)
    (asking,) = [each for each in world.staff() if each.name == asking.name]
    for answer in pages(asking.client, following):
        check(asking, references(answer.resources), following)
    world.apply(("Consent", "late-block"))
