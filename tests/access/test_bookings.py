"""What a citizen may write of appointments, attacked on the path that pages, API and Bundles take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

import orjson
import pytest

from fellesjournal.access import acts, booked
from fellesjournal.access.bookings import offered
from fellesjournal.access.citizens import citizen
from fellesjournal.access.claims import taken
from fellesjournal.access.policy.booking import LIMITS
from fellesjournal.access.sessions import Session
from fellesjournal.access.tokens import issue_token
from fellesjournal.access.writing import Operation, Patch, write
from fellesjournal.care.scheduling import actions, queries
from fellesjournal.care.scheduling.queries import FreeTime
from fellesjournal.fhir.issues import FhirError, NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.registry.opening_rules import CLOSED_DAYS
from tests.care.scheduling.booking import NOW, PHONE, body_of, gp, keep, office, times
from tests.staff import SYSTEM, employ, put, register, staff
from tests.surfaces.fhir_api.client import Client

Json = dict[str, Any]
Attack = Callable[[Json], Any]


@pytest.fixture(autouse=True)
def at_seven(db: None) -> Iterator[None]:
    del db
    with clock.at(NOW):
        office()
        yield


def hers(time: FreeTime, **more: Any) -> Json:
    told: Json = {"patient": "Patient/a", "reason": "Hoste", "is_told": True, **more}
    return booked.booked(schedule=time.schedule.data, opening=time.opening, now=clock.now(), **told)


def late_time() -> FreeTime:
    """The day after tomorrow: it can still be moved."""
    return next(each for each in times(days=3) if (each.day - clock.today()).days == 2)


def stands(seen: Session | None = None, **more: Any) -> tuple[Json, str]:
    """An appointment of hers, as it stands, and its id."""
    made = actions.book(seen or citizen("a"), patient="Patient/a", time=late_time(), **more)
    return body_of("Appointment", made.id), made.id


def _set(*path: Any, to: Any) -> Attack:
    def attack(data: Json) -> None:
        place: Any = data
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = to

    attack.__name__ = ".".join(map(str, path))
    return attack


def _remove(name: str) -> Attack:
    def attack(data: Json) -> None:
        data.pop(name, None)

    attack.__name__ = f"no {name}"
    return attack


def _at(hours: int, minutes: int, length: int = 20) -> Attack:
    def attack(data: Json) -> None:
        start = (NOW + timedelta(days=1)).replace(hour=hours - 1, minute=minutes)
        data |= {"start": start.isoformat(), "end": (start + timedelta(minutes=length)).isoformat(),
                 "minutesDuration": length}  # fmt: skip

    attack.__name__ = f"at {hours}:{minutes:02d} for {length}"
    return attack


def _participant(reference: str) -> Attack:
    def attack(data: Json) -> None:
        data["participant"].append({"actor": {"reference": reference}, "status": "accepted"})

    attack.__name__ = f"with {reference}"
    return attack


ANY_TIME = [
    _set("status", to="arrived"),
    _set("status", to="fulfilled"),
    _set("status", to="noshow"),
    _set("comment", to="Must be seen first"),
    _set("description", to="Urgent"),
    _set("priority", to=1),
    _set("patientInstruction", to="Bring nothing"),
    _set("reasonCode", to=[{"coding": [{"system": "http://hl7.org/fhir/sid/icpc-2", "code": "P76"}]}]),
    _set("reasonCode", to=[{"text": "x" * 501}]),
    _set("basedOn", to=[{"reference": "ServiceRequest/1"}]),
    _set("participant", 1, "status", to="declined"),
    _set("participant", 1, "actor", to={"reference": "Practitioner/other"}),
    _participant("Practitioner/other"),
    _participant("Organization/u"),
    _set("participant", 0, "actor", to={"reference": "Patient/b"}),
    _set("meta", "security", to=[{"system": booked.VOLVEN + "9603", "code": "NORN_UNGDOM"}]),
    _set("meta", "tag", to=[{"system": "x", "code": "other-entity"}]),
    _set("appointmentType", to=PHONE),
    _remove("participant"),
    _at(8, 10),  # between two openings
    _at(8, 0, 40),  # two openings in one
    _at(10, 0),  # the telephone hour is not hers to book
    _at(12, 0),  # nobody is there
]  # fmt: skip
BOOKING = [
    *ANY_TIME,
    _set("extension", 0, "valueReference", "reference", to="Schedule/elsewhere"),
    _remove("extension"),  # in no schedule: nothing would be claimed
    _remove("end"),
    _remove("appointmentType"),
    _set("created", to="2026-01-01"),
    _set("status", to="proposed"),
    _set("status", to="pending"),
    _set("status", to="cancelled"),
]


def test_what_she_books_as_the_page_does_stands() -> None:
    (made,) = write(citizen("a"), [acts.create(hers(times()[0]))])
    assert made.created


@pytest.mark.parametrize("attack", BOOKING, ids=lambda each: each.__name__)
def test_a_booking_that_says_anything_else_is_refused(attack: Attack) -> None:
    employ("other")
    keep("elsewhere", "other")
    data = hers(times()[0])
    attack(data)
    with pytest.raises(FhirError) as refused:
        write(citizen("a"), [acts.create(data)])
    assert refused.value.status in {403, 404, 422}
    assert queries.my_appointments(citizen("a")) == []


def test_a_time_too_soon_too_far_closed_or_past_is_refused() -> None:
    opening = times()[0]
    data = hers(opening)
    for moment in (
        NOW + timedelta(minutes=1),  # 08:00 is in an hour less a minute
        NOW + timedelta(days=1),
        NOW - timedelta(days=LIMITS.horizon.number, minutes=-59),
    ):
        with clock.at(moment), pytest.raises(NotAllowed):
            write(citizen("a"), [acts.create(data)])
    schedule = body_of("Schedule", "s")
    today = {"start": str(clock.today()), "end": str(clock.today())}
    schedule["extension"].append({"url": CLOSED_DAYS, "valuePeriod": today})
    write(SYSTEM, [Operation("update", "Schedule", id="s", body=acts.create(schedule).body)])
    with pytest.raises(NotAllowed):
        write(citizen("a"), [acts.create(data)])


def test_another_gps_schedule_is_not_offered_nor_told_about() -> None:
    employ("other")
    keep("elsewhere", "other")
    assert [each["id"] for each in offered(citizen("a"))] == ["s"]
    with pytest.raises(NotAllowed):
        taken(citizen("a"), ["elsewhere"], NOW, NOW + timedelta(days=1))
    register("c")
    assert offered(citizen("c")) == []


def test_nobody_keeps_a_whole_day() -> None:
    free = times()
    for time in free[: LIMITS.most.number]:
        actions.book(citizen("a"), patient="Patient/a", time=time)
    with pytest.raises(NotAllowed):
        actions.book(citizen("a"), patient="Patient/a", time=free[LIMITS.most.number])
    actions.book(citizen("b"), patient="Patient/b", time=free[LIMITS.most.number])


def test_what_the_office_gave_her_does_not_keep_her_from_booking() -> None:
    free = times()
    for time in free[: LIMITS.most.number]:
        actions.book(gp(), patient="Patient/a", time=time)
    mine = [
        actions.book(citizen("a"), patient="Patient/a", time=time)
        for time in free[LIMITS.most.number : 2 * LIMITS.most.number - 1]
    ]
    # what the office has moved of hers is hers still
    later = next(each for each in times(gp(), days=2) if each.day > clock.today())
    actions.move(
        gp(), patient="Patient/a", appointment=mine[0].id, seen=mine[0].version, time=later
    )
    rest = times()
    actions.book(citizen("a"), patient="Patient/a", time=rest[0])
    with pytest.raises(NotAllowed):
        actions.book(citizen("a"), patient="Patient/a", time=times(days=2)[-1])


def _patched(**members: Any) -> Patch:
    return lambda _raw, data: orjson.dumps({**data, **members})


def put_as(session: Session, fhir_id: str, data: Json, seen: int | None = 1) -> Json:
    body = acts.create(data).body
    operation = Operation("update", "Appointment", id=fhir_id, body=body, if_match=seen)
    (written,) = write(session, [operation])
    assert written.stored is not None
    return acts.content(written.stored)


@pytest.mark.parametrize("attack", ANY_TIME, ids=lambda each: each.__name__)
def test_what_stands_is_not_rewritten_beside_a_move_or_alone(attack: Attack) -> None:
    standing, fhir_id = stands(reason="Hoste")
    moved = booked.moved(standing, opening=times(days=3)[-1].opening, is_told=True)
    called_off = booked.cancelled(standing, code="AAI", reason="", now=clock.now())
    for data in (standing, moved, called_off):
        changed = deepcopy(data)
        attack(changed)
        if changed == data:
            continue
        with pytest.raises(FhirError):
            put_as(citizen("a"), fhir_id, changed)
    assert body_of("Appointment", fhir_id) == standing


def test_she_moves_calls_off_and_says_that_she_knows() -> None:
    standing, fhir_id = stands(gp(), is_told=False)
    known = put_as(citizen("a"), fhir_id, booked.told(standing))
    moved = booked.moved(known, opening=times(days=3)[-1].opening, is_told=True)
    after = put_as(citizen("a"), fhir_id, moved, 2)
    off = booked.cancelled(after, code="AAI", reason="Frisk", now=clock.now())
    assert put_as(citizen("a"), fhir_id, off, 3)["status"] == "cancelled"


def test_what_others_have_said_in_it_stays_through_her_move() -> None:
    standing, fhir_id = stands(gp(), is_told=True)
    noted = {**standing, "comment": "Tolk bestilt", "description": "Kontroll"}
    write(SYSTEM, [Operation("update", "Appointment", id=fhir_id, body=acts.create(noted).body)])
    with pytest.raises(NotAllowed):
        put_as(citizen("a"), fhir_id, booked.moved(
            standing, opening=times(days=3)[-1].opening, is_told=True), 2)  # fmt: skip
    now = body_of("Appointment", fhir_id)
    moved = booked.moved(now, opening=times(days=3)[-1].opening, is_told=True)
    assert put_as(citizen("a"), fhir_id, moved, 2)["comment"] == "Tolk bestilt"


def test_calling_off_says_whose_act_it_was_and_how_late_truly() -> None:
    made = actions.book(citizen("a"), patient="Patient/a", time=times()[0])  # today: late
    standing = body_of("Appointment", made.id)
    lies = [
        booked.cancelled(standing, code="AAT", reason="", now=clock.now()),
        booked.cancelled(standing, code="APVAI", reason="", now=clock.now()),
        booked.cancelled(standing, code="AAI", reason="", now=clock.now() - timedelta(days=3)),
        {**standing, "status": "cancelled"},
    ]
    punctual = booked.cancelled(standing, code="AAI", reason="", now=clock.now())
    punctual["extension"][-1]["extension"][-1]["valueBoolean"] = False
    for lie in (*lies, punctual):
        with pytest.raises(FhirError):
            put_as(citizen("a"), made.id, lie)
    assert body_of("Appointment", made.id) == standing


def test_it_is_not_moved_when_it_is_late_nor_touched_when_it_has_begun() -> None:
    standing, fhir_id = stands()
    later = times(days=4)[-1].opening
    with clock.at(NOW + timedelta(days=1, hours=2)), pytest.raises(NotAllowed):
        put_as(citizen("a"), fhir_id, booked.moved(standing, opening=later, is_told=True))
    with clock.at(NOW + timedelta(days=2, hours=1, minutes=5)):
        off = booked.cancelled(standing, code="AAI", reason="", now=clock.now())
        with pytest.raises(NotAllowed):
            put_as(citizen("a"), fhir_id, off)
    assert body_of("Appointment", fhir_id) == standing


def test_a_change_names_the_version_it_is_of() -> None:
    standing, fhir_id = stands()
    off = booked.cancelled(standing, code="AAI", reason="", now=clock.now())
    for seen, told in ((None, "If-Match"), (2, "version 1 stands")):
        with pytest.raises(PreconditionFailed, match=told):
            put_as(citizen("a"), fhir_id, off, seen)
    assert body_of("Appointment", fhir_id) == standing


def test_another_citizens_appointment_is_not_there_for_her() -> None:
    made = actions.book(citizen("b"), patient="Patient/b", time=late_time())
    standing = body_of("Appointment", made.id)
    off = booked.cancelled(standing, code="AAI", reason="", now=clock.now())
    mine = deepcopy(off)
    mine["participant"][0]["actor"] = {"reference": "Patient/a"}
    for data in (off, mine, standing):
        with pytest.raises(NotFound):
            put_as(citizen("a"), made.id, data)
    patch = _patched(status="cancelled")
    with pytest.raises(NotFound):
        write(citizen("a"), [Operation("patch", "Appointment", id=made.id, patch=patch)])
    write(citizen("a"), [Operation("delete", "Appointment", id=made.id)])  # finds nothing
    assert body_of("Appointment", made.id) == standing


def test_she_deletes_and_patches_nothing_of_it() -> None:
    standing, fhir_id = stands()
    with pytest.raises(NotAllowed):
        write(citizen("a"), [Operation("delete", "Appointment", id=fhir_id)])
    patch = _patched(status="arrived")
    with pytest.raises(FhirError):
        write(citizen("a"), [Operation("patch", "Appointment", id=fhir_id, patch=patch)])
    assert body_of("Appointment", fhir_id) == standing


@pytest.mark.parametrize("kind", ["Encounter", "EpisodeOfCare"])
def test_contacts_that_give_grounds_are_not_of_her_making(kind: str) -> None:
    data: Json = {
        "resourceType": kind,
        "status": "active" if kind == "EpisodeOfCare" else "planned",
    }
    if kind == "EpisodeOfCare":
        data["patient"] = {"reference": "Patient/a"}
        data["managingOrganization"] = {"reference": "Organization/u"}
    else:
        data |= {"subject": {"reference": "Patient/a"}, "class": {"code": "AMB"}}
    with pytest.raises(NotAllowed):
        write(citizen("a"), [acts.create(data)])


def test_a_booking_in_a_set_with_something_forbidden_leaves_nothing() -> None:
    good, bad = acts.create(hers(times()[0])), hers(times()[1])
    bad["status"] = "fulfilled"
    with pytest.raises(NotAllowed):
        write(citizen("a"), [good, acts.create(bad)])
    assert queries.my_appointments(citizen("a")) == []


def test_claims_are_not_left_out_by_naming_the_schedule_otherwise() -> None:
    """Staff are free to book at other times, never twice: whatever they write of the schedule."""
    employ("d2", unit="u")
    time = times(gp())[0]
    write(gp(), [acts.create(hers(time))])
    for reference in ("http://localhost/fhir/Schedule/s", "urn:uuid:x", "Practitioner/d"):
        data = hers(time, patient="Patient/b")
        data["extension"][0]["valueReference"] = {"reference": reference}
        with pytest.raises(FhirError) as refused:
            write(gp(), [acts.create(data)])
        assert refused.value.status == 422
    long = hers(time, patient="Patient/b")
    long["end"] = (NOW + timedelta(hours=20)).isoformat()
    with pytest.raises(FhirError):
        write(gp(), [acts.create(long)])
    with pytest.raises(FhirError) as refused:
        write(staff("d"), [acts.create(hers(time, patient="Patient/b"))])
    assert refused.value.status == 409
    assert "just been taken" in str(refused.value)


def test_over_the_api_a_taken_time_is_a_409_and_nothing_tells_by_whom() -> None:
    actions.book(citizen("b"), patient="Patient/b", time=times()[0])
    developer = Client(issue_token())
    time = times(gp())[0]
    assert developer.post("Appointment", hers(time)).status == 201
    second = developer.post("Appointment", hers(time, patient="Patient/b"))
    assert second.status == 409
    assert second.json["issue"][0]["code"] == "duplicate"
    assert "Patient" not in second.body.decode()


def test_rules_that_can_not_be_read_are_refused_where_they_are_written() -> None:
    with pytest.raises(FhirError):
        put("Schedule", "odd", active=True, actor=[{"reference": "Practitioner/d"}],
            extension=[{"url": CLOSED_DAYS, "valuePeriod": {"start": "2026-11-23T10:00:00Z"}}])  # fmt: skip
