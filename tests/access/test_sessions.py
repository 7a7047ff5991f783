"""What a session sees: by ground, role, block, label and time, on every way into the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from psycopg.errors import InsufficientPrivilege

from fellesjournal.access import export, records
from fellesjournal.access.blocks.derive import Block, consent_of
from fellesjournal.access.citizens import citizen
from fellesjournal.access.everything import Wanted, everything
from fellesjournal.access.labels import label_coding
from fellesjournal.access.policy.areas import ABOUT_PATIENTS
from fellesjournal.access.relations.rows import STANDS_IN_FOR
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import NotAllowed, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from tests.staff import SYSTEM, employ, put, register, staff

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CODE = {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}


def observe(patient: str, fhir_id: str, **elements: object) -> None:
    put("Observation", fhir_id, status="final", code=CODE,
        subject={"reference": f"Patient/{patient}"}, **elements)  # fmt: skip


def sees(session: Session, resource: str) -> bool:
    """By id; and the same answer by version, history, search, and the whole record."""
    name, fhir_id = resource.split("/")
    try:
        records.read(session.again(), name, fhir_id)
        seen = True
    except NotFound:
        seen = False
    try:
        records.read_version(session.again(), name, fhir_id, 1)
        assert seen
    except NotFound:
        assert not seen
    page = records.search(session.again(), name, [("_id", fhir_id)])
    assert [found.id for found in page.matches] == ([fhir_id] if seen else [])
    try:
        assert records.history(session.again(), type_name=name, fhir_id=fhir_id).events
        assert seen
    except NotFound:
        assert not seen
    assert (name in export.counts(session.again())) >= seen
    return seen


@pytest.fixture
def doctor(db: None) -> Session:
    del db
    found = employ("d")
    register("a", "Practitioner/d", birthDate="1944-03-14")
    register("b", birthDate="1950-01-01")
    observe("a", "oa")
    observe("b", "ob")
    return found


def test_only_patients_with_a_ground_are_seen(doctor: Session) -> None:
    assert sees(doctor, "Patient/a")
    assert sees(doctor, "Observation/oa")
    assert not sees(doctor, "Patient/b")
    assert not sees(doctor, "Observation/ob")
    assert sees(doctor, "Organization/u")
    page = everything(doctor.again(), "a", Wanted(), count=50, cursor=None)
    assert {"oa", "a"} <= {stored.id for stored, _ in page.entries}
    with pytest.raises(NotFound):
        everything(doctor.again(), "b", Wanted(), count=50, cursor=None)


def test_what_may_not_be_seen_and_what_is_not_there_are_refused_alike(doctor: Session) -> None:
    said = set()
    for fhir_id in ("ob", "nowhere"):
        with pytest.raises(NotFound) as refused:
            records.read(doctor.again(), "Observation", fhir_id)
        said.add(str(refused.value).replace(fhir_id, "_"))
        body = bodies.parse(
            b'{"resourceType":"Observation","id":"%s","status":"final","code":{"text":"x"}}'
            % fhir_id.encode()
        )
        with pytest.raises(NotFound) as refused:
            write(doctor.again(), [Operation("update", "Observation", id=fhir_id, body=body)])
        said.add(str(refused.value).replace(fhir_id, "_"))
    assert len(said) == 1


def test_a_ground_begins_and_ends_with_the_request(doctor: Session) -> None:
    with clock.at(NOW):
        register("a", "Practitioner/d")
        assert sees(doctor, "Observation/oa")
        register("a")
        assert not sees(doctor, "Observation/oa")
        put("CareTeam", "t", status="active", subject={"reference": "Patient/a"},
            participant=[{"member": {"reference": "Practitioner/d"},
                          "period": {"start": "2026-11-19", "end": "2026-11-20"}}])  # fmt: skip
        assert sees(doctor, "Observation/oa")
    # the end day ends at midnight in Norway
    with clock.at(datetime(2026, 11, 20, 22, 59, 59, tzinfo=UTC)):
        assert sees(doctor, "Observation/oa")
    with clock.at(datetime(2026, 11, 20, 23, 0, tzinfo=UTC)):
        assert not sees(doctor, "Observation/oa")


def test_a_role_that_ended_opens_nothing(doctor: Session) -> None:
    put("PractitionerRole", "d-role", active=False,
        practitioner={"reference": "Practitioner/d"}, organization={"reference": "Organization/u"})  # fmt: skip
    with pytest.raises(NotAllowed):
        records.read(doctor.again(), "Patient", "a")


def test_an_unknown_role_is_denied(doctor: Session) -> None:
    del doctor
    with pytest.raises(NotAllowed):
        staff("d", "wizard")


def test_a_connection_nobody_entered_gives_no_body(doctor: Session) -> None:
    del doctor
    database = connection()
    database.execute("select set_config('fj.kind', '', false)")
    found = database.execute("select count(*) from store.version where patient <> 0").fetchone()
    assert found == (0,)


def test_the_second_wall_holds_where_the_first_is_forgotten(doctor: Session) -> None:
    database = doctor.connection()
    found = database.execute(
        "select r.fhir_id from store.version v join store.resource r on r.rid = v.rid"
        " where v.patient <> 0 order by 1"
    ).fetchall()
    assert [fhir_id for (fhir_id,) in found] == ["a", "oa"]


def test_the_run_time_role_can_not_write_versions_grounds_or_openings(doctor: Session) -> None:
    for statement in (
        "update store.version set body = null",
        "delete from store.version",
        "insert into access.ground values (1, 1, 1, 0, 1, 1)",
        "delete from access.block",
        "update access.opening set ends = 0",
    ):
        with pytest.raises(InsufficientPrivilege), transaction.atomic():
            doctor.connection().execute(statement)


def test_a_write_for_somebody_elses_patient_is_refused_and_nothing_stands(doctor: Session) -> None:
    body = b'{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/%s"}}'
    (done,) = write(
        doctor.again(), [Operation("create", "Observation", body=bodies.parse(body % b"a"))]
    )
    assert done.created
    before = export.counts(SYSTEM)
    for patient in (b"b", b"nobody"):
        with pytest.raises(NotAllowed):
            write(
                doctor.again(),
                [Operation("create", "Observation", body=bodies.parse(body % patient))],
            )
    assert export.counts(SYSTEM) == before


def test_a_resource_about_two_patients_needs_a_ground_for_both(doctor: Session) -> None:
    put("Appointment", "both", status="booked", start="2026-11-20T10:00:00Z", end="2026-11-20T11:00:00Z",
        participant=[{"actor": {"reference": f"Patient/{each}"}, "status": "accepted"} for each in "ab"])  # fmt: skip
    assert not sees(doctor, "Appointment/both")
    register("b", "Practitioner/d")
    assert sees(doctor, "Appointment/both")


def _block(patient: str, who: str) -> dict[str, object]:
    hl7 = "http://terminology.hl7.org/CodeSystem/"
    actor = {"role": {"coding": [{"system": hl7 + "v3-ParticipationType", "code": "IRCP"}]},
             "reference": {"reference": who}}  # fmt: skip
    return {
        "status": "active",
        "scope": {"coding": [{"system": hl7 + "consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": hl7 + "v3-ActCode", "code": "INFA"}]}],
        "patient": {"reference": f"Patient/{patient}"},
        "policyRule": {"text": "block"},
        "provision": {"type": "permit", "provision": [{"type": "deny", "actor": [actor]}]},
    }


def test_a_block_takes_away_and_only_from_those_it_names(doctor: Session) -> None:
    other = employ("e")
    register("a", "Practitioner/d", "Practitioner/e")
    put("Consent", "block", **_block("a", "Practitioner/d"))
    assert not sees(doctor, "Observation/oa")
    assert sees(other, "Observation/oa")


def test_one_of_two_patients_may_block_what_is_about_both(doctor: Session) -> None:
    for first, second in ("ab", "ba"):  # whoever is named first, and so has it in her record
        put("Appointment", f"of-{first}", status="booked",
            start="2026-11-20T10:00:00Z", end="2026-11-20T11:00:00Z",
            participant=[{"actor": {"reference": f"Patient/{each}"}, "status": "accepted"}
                         for each in (first, second)])  # fmt: skip
    register("b", "Practitioner/d")
    assert sees(doctor, "Appointment/of-a")
    assert sees(doctor, "Appointment/of-b")
    put("Consent", "block", **_block("a", "Practitioner/d"))
    assert not sees(doctor, "Appointment/of-a")
    assert not sees(doctor, "Appointment/of-b")
    assert sees(doctor, "Observation/ob")


def test_a_citizen_sees_herself_and_nobody_else(doctor: Session) -> None:
    del doctor
    herself = citizen("a")
    assert sees(herself, "Observation/oa")
    assert sees(herself, "Patient/a")
    assert not sees(herself, "Observation/ob")
    assert not sees(herself, "Patient/b")
    with pytest.raises(NotAllowed):
        citizen("a", "b")
    with pytest.raises(NotAllowed):
        citizen("a", "nobody")


def test_what_is_delayed_is_shown_to_the_citizen_once_its_time_has_come(doctor: Session) -> None:
    until = NOW + timedelta(days=3)
    label = label_coding(
        "NORU", author="Practitioner/d", reason="first by telephone", time=NOW, until=until
    )
    observe("a", "later", meta={"security": [label]})
    with clock.at(until - timedelta(seconds=1)):
        assert sees(doctor, "Observation/later")
        assert not sees(citizen("a"), "Observation/later")
    with clock.at(until):
        assert sees(citizen("a"), "Observation/later")


def test_a_substitute_has_the_grounds_of_whom_she_stands_in_for_while_it_lasts(
    doctor: Session,
) -> None:
    del doctor
    stands_in = [{"url": STANDS_IN_FOR, "valueReference": {"reference": "Practitioner/d"}}]
    with clock.at(NOW):
        substitute = employ(
            "s", period={"start": "2026-11-01", "end": "2026-11-20"}, extension=stands_in
        )
        assert sees(substitute, "Observation/oa")
        assert not sees(substitute, "Observation/ob")
    with clock.at(NOW + timedelta(days=1)), pytest.raises(NotAllowed):
        records.read(substitute.again(), "Observation", "oa")


def test_teams_and_services_hold_grounds_for_their_members(doctor: Session) -> None:
    del doctor
    nurse = employ("n", "nurse", "ward")
    assert not sees(nurse, "Observation/ob")
    put(
        "CareTeam",
        "team",
        status="active",
        participant=[{"member": {"reference": "Practitioner/n"}}],
    )
    put("EpisodeOfCare", "e", status="active", patient={"reference": "Patient/b"},
        team=[{"reference": "CareTeam/team"}])  # fmt: skip
    assert sees(nurse, "Observation/ob")
    put(
        "CareTeam",
        "team",
        status="inactive",
        participant=[{"member": {"reference": "Practitioner/n"}}],
    )
    assert not sees(nurse, "Observation/ob")
    put("HealthcareService", "clinic", providedBy={"reference": "Organization/ward"})
    put("ServiceRequest", "r", status="active", intent="order", subject={"reference": "Patient/b"},
        performer=[{"reference": "HealthcareService/clinic"}])  # fmt: skip
    assert sees(nurse, "Observation/ob")


def test_a_block_of_an_organisation_reaches_its_units(doctor: Session) -> None:
    put("Organization", "trust", name="Trust")
    put("Organization", "u", name="Unit u", partOf={"reference": "Organization/trust"})
    assert sees(doctor, "Observation/oa")
    block = Block(
        holders=(("Organization", "trust"),), all_but=False, starts=None, ends=None,
        areas=ABOUT_PATIENTS, resource=None, care_from=None, care_to=None,
    )  # fmt: skip
    consent = consent_of(block, "Patient/a", by="Patient/a", at=NOW)
    put(
        "Consent",
        "block",
        **{name: value for name, value in consent.items() if name not in {"resourceType", "id"}},
    )
    assert not sees(doctor, "Observation/oa")
    assert not sees(doctor, "Patient/a")


def test_a_researcher_sees_the_cohort_of_her_approved_study_as_long_as_it_lasts(
    doctor: Session,
) -> None:
    del doctor
    researcher = employ("r", "researcher")
    study = {
        "principalInvestigator": {"reference": "Practitioner/r"},
        "period": {"end": "2026-11-20"},
    }
    put("ResearchSubject", "rs", status="on-study", individual={"reference": "Patient/b"},
        study={"reference": "ResearchStudy/s"})  # fmt: skip
    with clock.at(NOW):
        put("ResearchStudy", "s", status="in-review", **study)
        assert not sees(researcher, "Observation/ob")
        put("ResearchStudy", "s", status="approved", **study)
        assert sees(researcher, "Observation/ob")
        assert not sees(researcher, "Observation/oa")
    with clock.at(NOW + timedelta(days=1)):
        assert not sees(researcher, "Observation/ob")


def test_a_line_of_the_log_names_the_organisation_that_the_unit_belongs_to(doctor: Session) -> None:
    put("Organization", "trust", name="Trust")
    put("Organization", "clinic", name="Clinic", partOf={"reference": "Organization/trust"})
    put("Organization", "u", name="Unit u", partOf={"reference": "Organization/clinic"})
    records.read(doctor.again(), "Patient", "a")
    told = doctor.connection().execute(
        "select w.unit, w.organisation from access.log l join access.log_who w on w.number = l.who"
        " where w.person = 'Practitioner/d' order by l.id desc limit 1"
    ).fetchone()  # fmt: skip
    assert told == ("Organization/u", "Organization/trust")
