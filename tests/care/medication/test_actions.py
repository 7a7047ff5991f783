"""Prescribing, changing and stopping: one act, one new number of the list."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from django.db import connection as django_connection
from django.db import connections

from fellesjournal.access import acts, records
from fellesjournal.access.labels import label_coding
from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.actions import (
    Answers,
    Decision,
    Decisive,
    change_medicine,
    check,
    meet,
    prescribe,
    reconcile,
    stop,
    undo,
)
from fellesjournal.care.medication.events import LIST_CHANGED
from fellesjournal.care.medication.formulary import ITEMS
from fellesjournal.care.medication.jobs import complete_first_list
from fellesjournal.care.medication.queries import changes_of, list_of
from fellesjournal.care.medication.refusals import ListChanged, Refused, Unconfirmed
from fellesjournal.care.medication.rendering import (
    as_plain_text,
    difference_as_plain_text,
    fingerprint,
    render,
)
from fellesjournal.care.medication.resources import Order, Person, ended
from fellesjournal.care.medication.safety import StopKind
from fellesjournal.care.medication.stays import changed_in, reconciled_number
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.events import Event
from tests.care.medication.medicines import (
    AMLODIPINE,
    IBUPROFEN,
    METHOTREXATE,
    PARACETAMOL,
    PATIENT,
    PENICILLIN,
    allergy,
    at_contact,
    doctor,
    dose,
    herself,
    old_prescription,
    order,
)
from tests.staff import SYSTEM, employ, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def gp() -> Session:
    return doctor()


def _prescribe(session: Session, *orders: Order, seen: int = 0) -> int:
    for each in orders:
        seen = prescribe(
            session, patient=PATIENT, order=each, seen=seen, by_name="Lege Legesen"
        ).number
    return seen


def _names(session: Session) -> list[str]:
    return [each.name for each in list_of(session, "p").medicines]


def test_each_act_makes_the_next_number(gp: Session) -> None:
    assert _prescribe(gp, order()) == 1
    assert _prescribe(gp, order(PARACETAMOL, "1 inntil x4"), seen=1) == 2
    line = list_of(gp, "p").medicines[0]
    done = stop(
        gp, patient=PATIENT, medicine=line.reference, medicine_seen=line.version, code="2",
        why="Ikke lenger nødvendig", seen=2, by_name="Lege",
    )  # fmt: skip
    assert (done.number, done.removed) == (3, (line.reference,))
    assert _names(gp) == ["Paracetamol 500 mg tablett"]
    stopped = orjson.loads(
        records.read(SYSTEM, "MedicationRequest", line.reference.partition("/")[2]).body or b""
    )
    assert stopped["status"] == "stopped"
    assert stopped["statusReason"]["coding"][0]["code"] == "2"
    assert stopped["statusReason"]["text"] == "Ikke lenger nødvendig"


def test_the_event_tells_the_number_and_what_came_and_went(
    gp: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Event] = []
    monkeypatch.setattr(acts, "publish", lambda *events: told.extend(events))
    _prescribe(gp, order())
    line = list_of(gp, "p").medicines[0]
    stop(gp, patient=PATIENT, medicine=line.reference, medicine_seen=line.version, code="2",
         why="Ferdig", seen=1, by_name="Lege")  # fmt: skip
    assert {(each.name, each.about) for each in told} == {(LIST_CHANGED, PATIENT)}
    assert [(e.facts["number"], e.facts["added"], e.facts["removed"]) for e in told] == [
        ("1", line.reference, ""), ("2", "", line.reference),
    ]  # fmt: skip


def test_just_after_midnight_a_medicine_of_today_can_be_stopped(gp: Session) -> None:
    with clock.at(datetime.combine(clock.today(), time(0, 30), clock.NORWAY)):
        _prescribe(gp, order())
        line = list_of(gp, "p").medicines[0]
        stop(gp, patient=PATIENT, medicine=line.reference, medicine_seen=line.version, code="2",
             why="Feil", seen=1, by_name="Lege")  # fmt: skip
    assert _names(gp) == []


def test_a_prescription_from_a_later_day_is_stopped_before_it_begins(gp: Session) -> None:
    later = (clock.today() + timedelta(days=3)).isoformat()
    waiting = {"status": "active", "dispenseRequest": {"validityPeriod": {"start": later}}}
    kept = ended({"resourceType": "MedicationRequest", **waiting}, {}, "Ikke nødvendig")
    assert kept["dispenseRequest"]["validityPeriod"] == {"start": later, "end": later}


def test_only_doctors_change_the_list(gp: Session) -> None:
    nurse = at_contact("n", "nurse", "ward", "e1")
    _prescribe(gp, order())
    with pytest.raises(NotAllowed):
        _prescribe(nurse, order(PARACETAMOL, "1x3"), seen=1)
    with pytest.raises(NotAllowed):
        _prescribe(herself(), order(PARACETAMOL, "1x3"), seen=1)
    assert _names(nurse) == ["Amlodipin 5 mg tablett"]


def test_inv_17_all_see_the_same_list(gp: Session) -> None:
    """GP, ward, home care, citizen and letter: one number, one fingerprint (INV-17)."""
    _prescribe(gp, order(), order(METHOTREXATE, "6 tabletter mandag hver uke"))
    sessions = [
        gp,
        at_contact("hd", "doctor", "hospital", "e1"),
        at_contact("hn", "nurse", "hospital2", "e2"),
        at_contact("carer", "carer", "home", "e3"),
        herself(),
        SYSTEM,
    ]
    seen = {(r.number, r.fingerprint) for s in sessions for r in [render(list_of(s, "p"), "nb")]}
    assert len(seen) == 1
    before = seen.pop()
    line = list_of(gp, "p").medicines[0]
    stop(gp, patient=PATIENT, medicine=line.reference, medicine_seen=line.version, code="4",
         why="Annen grunn", seen=2, by_name="Lege")  # fmt: skip
    after = {(r.number, r.fingerprint) for s in sessions for r in [render(list_of(s, "p"), "nb")]}
    assert len(after) == 1
    assert after.pop() != before


def test_inv_19_a_change_from_day_to_week_is_refused_until_confirmed(gp: Session) -> None:
    _prescribe(gp, order())
    line = list_of(gp, "p").medicines[0]
    weekly = order(AMLODIPINE, "1 tablett mandag hver uke")

    def change(answers: Answers) -> int:
        return change_medicine(
            gp, patient=PATIENT, medicine=line.reference, medicine_seen=line.version, order=weekly,
            why="Lavt blodtrykk", seen=1, by_name="Lege", answers=answers,
        ).number  # fmt: skip

    with pytest.raises(Unconfirmed) as refusal:
        change(Answers())
    (hard,) = refusal.value.stops
    assert (hard.kind, hard.before, hard.after) == (StopKind.PERIOD, "d", "wk")
    assert list_of(gp, "p").number == 1
    with pytest.raises(Unconfirmed):  # a confirmation of something else
        change(Answers(confirmed=frozenset({"period-0000000000000000"})))
    assert change(Answers(confirmed=frozenset({hard.id}))) == 2
    assert list_of(gp, "p").medicines[0].weekly


def test_a_dose_that_is_changed_keeps_when_the_medicine_was_taken_into_use(gp: Session) -> None:
    began = clock.now() - timedelta(days=400)
    with clock.at(began):
        _prescribe(gp, order())
    before = list_of(gp, "p")
    (line,) = before.medicines
    assert before.began(line) is None
    change_medicine(
        gp, patient=PATIENT, medicine=line.reference, medicine_seen=line.version,
        order=order(AMLODIPINE, "2+0+0"), why="For høyt trykk", seen=1, by_name="Lege",
    )  # fmt: skip
    (shown,) = render(list_of(gp, "p"), "nb").lines
    assert shown.since is not None
    assert shown.began is not None
    assert (shown.since.at.date(), shown.began.at.date()) == (
        clock.today(), began.astimezone(clock.NORWAY).date(),
    )  # fmt: skip


def test_inv_19_a_weekly_medicine_is_never_daily_without_a_word(gp: Session) -> None:
    for text in ("1+0+0", "1x1", "1 inntil x1", "6 tabletter én gang hver dag"):
        with pytest.raises(Unconfirmed) as refusal:
            _prescribe(gp, order(METHOTREXATE, text))
        assert [each.kind for each in refusal.value.stops] == [StopKind.NOT_WEEKLY]
    words = Order("Metotreksat 2,5 mg tablett", "L04AX03", METHOTREXATE, None, "som avtalt")
    with pytest.raises(Unconfirmed):
        _prescribe(gp, words)
    assert _prescribe(gp, order(METHOTREXATE, "6 tabletter mandag hver uke")) == 1


def test_an_allergy_asks_for_a_reason_once_in_a_visit_and_is_counted(gp: Session) -> None:
    """INV-22: shown and overridden alerts are data."""
    allergy()
    with pytest.raises(Unconfirmed) as refusal:
        _prescribe(gp, order(PENICILLIN, "1x4"))
    (alert,) = refusal.value.alerts
    assert (alert.what, alert.more, alert.grave) == ("Penicillin", "Anafylaksi", True)
    now = list_of(gp, "p")
    meet(gp, now, check(gp, now, order(PENICILLIN, "1x4")), Person(gp.person, "Lege"))
    assert _issues() == ["preliminary"]
    answers = Answers(reasons={alert.id: "Provosert negativt hos allergolog"})
    prescribe(gp, patient=PATIENT, order=order(PENICILLIN, "1x4"), seen=0, by_name="Lege",
              answers=answers)  # fmt: skip
    assert _issues() == ["final"]
    again = check(gp, list_of(gp, "p"), order(PENICILLIN, "1x3"))
    assert [each.kind for each in again.blocking] == ["same-substance"]
    assert [each.id for each in again.answered] == [alert.id]


def _issues() -> list[str]:
    page = records.search(SYSTEM, "DetectedIssue", [("patient", PATIENT)])
    return [orjson.loads(each.body or b"")["status"] for each in page.matches]


def test_who_saw_an_older_number_changes_nothing(gp: Session) -> None:
    _prescribe(gp, order())
    with pytest.raises(ListChanged) as refusal:
        _prescribe(gp, order(PARACETAMOL, "1x3"), seen=0)
    assert (refusal.value.seen, refusal.value.stands) == (0, 1)
    assert _names(gp) == ["Amlodipin 5 mg tablett"]


def test_an_older_record_gets_its_list_at_the_first_change(gp: Session) -> None:
    old_prescription("m1")
    old_prescription("m0", status="stopped")
    old_prescription("m2", "Metformin 500 mg tablett", authoredOn="2024-01-01")
    old_prescription("m3", "Metformin 500 mg tablett", authoredOn="2025-01-01")  # renewed
    put("MedicationStatement", "s1", status="active", subject={"reference": PATIENT},
        informationSource={"reference": PATIENT}, medicationCodeableConcept={"text": "Tran"})  # fmt: skip
    derived = list_of(gp, "p")
    assert (derived.number, [m.reference for m in derived.medicines]) == (
        0, ["MedicationRequest/m3", "MedicationRequest/m1"],
    )  # fmt: skip
    assert [m.name for m in derived.reported] == ["Tran"]
    _prescribe(gp, order())
    now = list_of(gp, "p")
    assert (now.number, [m.name for m in now.medicines]) == (
        1, ["Amlodipin 5 mg tablett", "Metformin 500 mg tablett", "Ramipril 5 mg tablett"],
    )  # fmt: skip
    assert now.note.startswith("Laget av reseptene som sto i journalen.")
    assert [m.reference for m in now.outside] == ["MedicationRequest/m2"]


def test_two_doses_of_one_medicine_are_both_on_a_derived_list(gp: Session) -> None:
    old_prescription("m1")
    old_prescription("m2", dosageInstruction=[{"text": "2 tabletter morgen hver dag"}])
    assert len(list_of(gp, "p").medicines) == 2


def test_what_others_prescribe_past_the_list_is_shown_as_outside(gp: Session) -> None:
    _prescribe(gp, order())
    old_prescription("app")
    now = list_of(gp, "p")
    assert [m.reference for m in now.outside] == ["MedicationRequest/app"]
    found = check(gp, now, order(AMLODIPINE, "1x1"))
    assert [a.what for a in found.blocking] == ["Amlodipin 5 mg tablett"]


def test_undo_within_ten_seconds_gives_the_list_before_under_a_new_number(gp: Session) -> None:
    start = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with clock.at(start):
        _prescribe(gp, order())
        line = list_of(gp, "p").medicines[0]
        stop(gp, patient=PATIENT, medicine=line.reference, medicine_seen=line.version, code="2",
             why="Feil knapp", seen=1, by_name="Lege")  # fmt: skip
    with clock.at(start + timedelta(seconds=9)):
        assert undo(gp, patient=PATIENT, number=2, by_name="Lege").number == 3
    now = list_of(gp, "p")
    assert [(m.name, m.status) for m in now.medicines] == [("Amlodipin 5 mg tablett", "active")]


def test_undo_is_refused_after_eleven_seconds_and_to_others(gp: Session) -> None:
    start = datetime(2026, 3, 2, 12, tzinfo=UTC)
    other = at_contact("hd", "doctor", "hospital", "e1")
    with clock.at(start):
        _prescribe(gp, order(), order(PARACETAMOL, "1x3"))
        with pytest.raises(Refused, match="too-late"):
            undo(other, patient=PATIENT, number=2, by_name="Annen")
    with clock.at(start + timedelta(seconds=11)), pytest.raises(Refused, match="too-late"):
        undo(gp, patient=PATIENT, number=2, by_name="Lege")
    assert list_of(gp, "p").number == 2


def test_the_history_tells_what_each_number_changed(gp: Session) -> None:
    _prescribe(gp, order(), order(IBUPROFEN, "1x3"))
    line = next(m for m in list_of(gp, "p").medicines if "Amlodipin" in m.name)
    change_medicine(
        gp, patient=PATIENT, medicine=line.reference, medicine_seen=line.version,
        order=order(AMLODIPINE, "2+0+0"), why="For høyt trykk", seen=2, by_name="Lege",
    )  # fmt: skip
    newest, second, first = changes_of(gp, list_of(gp, "p"))
    ((was, now),) = newest.difference.changed
    assert (was.instruction.text("nb"), now.instruction.text("nb"), was.why) == (
        "1 tablett morgen hver dag", "2 tabletter morgen hver dag", "For høyt trykk",
    )  # fmt: skip
    assert [m.name for m in second.difference.added] == ["Ibuprofen 400 mg tablett"]
    assert first.number == 1
    assert [c.number for c in changes_of(herself(), list_of(herself(), "p"))] == [3, 2, 1]


def test_reconciliation_needs_every_line_decided_and_is_one_act(gp: Session) -> None:
    ward = at_contact("hd", "doctor", "hospital", "e1")
    _prescribe(gp, order(), order(IBUPROFEN, "1x3"))
    in_stay = order(PARACETAMOL, "1x4", encounter="Encounter/e1")
    _prescribe(
        ward,
        Order(**{**{f: getattr(in_stay, f) for f in in_stay.__slots__}, "in_stay": True}),
        seen=2,
    )
    lines = {m.name.split(" ")[0]: m for m in list_of(ward, "p").medicines}
    assert lines["Paracetamol"].in_stay
    decided = {
        lines["Amlodipin"].reference: Decisive(
            Decision.CHANGE, lines["Amlodipin"].version, order(AMLODIPINE, "2+0+0"), why="Høyt trykk"
        ),
        lines["Ibuprofen"].reference: Decisive(
            Decision.STOP, lines["Ibuprofen"].version, code="2", why="Nyresvikt"
        ),
    }  # fmt: skip

    def carry_out() -> int:
        return reconcile(
            ward, patient=PATIENT, decided=decided, new=[order(METHOTREXATE, "6 tabletter mandag hver uke")],
            encounter="Encounter/e1", seen=3, by_name="Sykehuslege",
        ).number  # fmt: skip

    with pytest.raises(Refused, match="undecided") as refusal:
        carry_out()
    assert refusal.value.about == (lines["Paracetamol"].reference,)
    decided[lines["Paracetamol"].reference] = Decisive(
        Decision.CONTINUE, lines["Paracetamol"].version
    )
    assert carry_out() == 4
    now = list_of(gp, "p")
    assert [(m.name, m.instruction.text("nb"), m.in_stay) for m in now.medicines] == [
        ("Amlodipin 5 mg tablett", "2 tabletter morgen hver dag", False),
        ("Metotreksat 2,5 mg tablett", "6 tabletter mandag hver uke", False),
        ("Paracetamol 500 mg tablett", "1 tablett 4 ganger hver dag", False),
    ]
    assert now.encounter == "Encounter/e1"


def test_reconciliation_stops_at_a_hard_stop_with_nothing_written(gp: Session) -> None:
    _prescribe(gp, order(METHOTREXATE, "6 tabletter mandag hver uke"))
    line = list_of(gp, "p").medicines[0]
    with pytest.raises(Unconfirmed) as refusal:
        reconcile(
            gp, patient=PATIENT, seen=1, by_name="Lege",
            decided={line.reference: Decisive(Decision.CHANGE, line.version,
                     order(METHOTREXATE, "6 tabletter én gang hver dag"), why="?? feil")},
        )  # fmt: skip
    assert {each.kind for each in refusal.value.stops} == {StopKind.PERIOD, StopKind.NOT_WEEKLY}
    assert list_of(gp, "p").number == 1


def test_a_stranger_sees_no_list(gp: Session) -> None:
    _prescribe(gp, order())
    stranger = employ("x", "doctor", "elsewhere")
    found = list_of(stranger, "p")
    assert (found.number, found.medicines) == (0, ())


def test_an_amount_is_stored_as_written(gp: Session) -> None:
    _prescribe(gp, order(AMLODIPINE, "0,1+0+0"))
    (line,) = list_of(gp, "p").medicines
    assert line.instruction.dosage == dose("0,1+0+0")
    assert line.instruction.dosage.steps[0].parts[0].amount == Decimal("0.1")


@pytest.fixture
def alone(empty_record: None) -> Iterator[None]:
    del empty_record
    yield
    connections.close_all()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_list", [False, True])
def test_inv_46_of_two_at_once_one_is_told_and_none_is_lost(
    alone: None, *, with_list: bool
) -> None:
    """Two doctors prescribe on the same number: one new number, one told that it has changed."""
    del alone
    gp = doctor()
    seen = _prescribe(gp, order()) if with_list else 0
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def work(item: str) -> None:
        ready.wait()
        try:
            _prescribe(gp.again(), order(item, "1x1"), seen=seen)
            outcomes.append("done")
        except ListChanged:
            outcomes.append("told")
        finally:
            django_connection.close()

    both = [threading.Thread(target=work, args=(item,)) for item in (PARACETAMOL, IBUPROFEN)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(outcomes) == ["done", "told"]
    now = list_of(gp.again(), "p")
    assert (now.number, len(now.medicines)) == (seen + 1, 2 if with_list else 1)
    assert now.outside == ()
    lists = records.search(SYSTEM, "List", [("subject", PATIENT)]).matches
    assert len(lists) == 1


def test_inv_36_what_the_maker_of_a_list_may_not_see_is_on_it_all_the_same(gp: Session) -> None:
    """And stays on it when she changes the list again; she is told of it nowhere."""
    old_prescription("open")
    blocked = [label_coding("NORS", author="Patient/p", reason="mitt valg", time=datetime.now(UTC))]
    old_prescription("closed", "Sertralin 50 mg tablett", meta={"security": blocked})
    assert "Sertralin 50 mg tablett" not in _names(gp)
    _prescribe(gp, order())
    complete_first_list(SYSTEM, {"patient": PATIENT, "number": "1"})
    assert (list_of(SYSTEM, "p").number, "Sertralin 50 mg tablett" in _names(SYSTEM)) == (2, True)
    found = list_of(gp, "p")
    assert "Sertralin" not in repr(found.medicines + found.outside)
    assert all("Sertralin" not in repr(each.difference) for each in changes_of(gp, found))
    _prescribe(gp, order(PARACETAMOL, "1x3"), seen=2)
    assert len(list_of(SYSTEM, "p").medicines) == 4


def test_a_first_list_that_is_whole_is_left_alone(gp: Session) -> None:
    old_prescription("m2", "Metformin 500 mg tablett", authoredOn="2024-01-01")
    old_prescription("m3", "Metformin 500 mg tablett", authoredOn="2025-01-01")
    _prescribe(gp, order())
    complete_first_list(SYSTEM, {"patient": PATIENT, "number": "1"})
    assert list_of(SYSTEM, "p").number == 1


def test_a_letter_says_what_the_stay_changed_and_what_is_not_taken(gp: Session) -> None:
    with clock.at(datetime(2025, 12, 1, 8, tzinfo=UTC)):
        _prescribe(gp, order(), order(IBUPROFEN, "1x3"))
    ward = at_contact("hd", "doctor", "hospital", "e1")
    lines = {m.name.split(" ")[0]: m for m in list_of(ward, "p").medicines}
    stop(ward, patient=PATIENT, medicine=lines["Ibuprofen"].reference,
         medicine_seen=lines["Ibuprofen"].version, code="2", why="Nyresvikt", seen=2, by_name="S")  # fmt: skip
    change_medicine(
        ward, patient=PATIENT, medicine=lines["Amlodipin"].reference, seen=3, by_name="S",
        medicine_seen=lines["Amlodipin"].version, order=order(AMLODIPINE, "2+0+0"), why="Høyt trykk",
    )  # fmt: skip
    _prescribe(ward, replace(order(PARACETAMOL, "1x4"), in_stay=True), seen=4)
    changed = changed_in(ward, "p", "Encounter/e1")
    assert changed is not None
    assert difference_as_plain_text(changed, "nb").splitlines() == [
        "Nytt: Paracetamol 500 mg tablett: 1 tablett 4 ganger hver dag",
        (
            "Endret: Amlodipin 5 mg tablett: 1 tablett morgen hver dag"
            " → 2 tabletter morgen hver dag (Høyt trykk)"
        ),
        "Stoppet: Ibuprofen 400 mg tablett (Nyresvikt)",
    ]
    assert as_plain_text(list_of(gp, "p"), "nb").splitlines() == [
        "Amlodipin 5 mg tablett: 2 tabletter morgen hver dag",
        "Paracetamol 500 mg tablett: 1 tablett 4 ganger hver dag [bare under oppholdet]",
    ]
    assert reconciled_number(ward, "p", "Encounter/e1") is None


@pytest.mark.parametrize("seed", range(4))
def test_inv_17_after_any_run_of_changes_all_see_the_same_and_nothing_is_lost(
    gp: Session, seed: int
) -> None:
    """Random changes by two doctors: each line in use was prescribed and not stopped since."""
    chance = random.Random(seed)
    ward = at_contact("hd", "doctor", "hospital", "e1")
    viewers = [gp, ward, at_contact("c", "carer", "home", "e2"), herself(), SYSTEM]
    expected: dict[str, str] = {}
    number = 0
    for _ in range(8):
        who = chance.choice([gp, ward])
        now = list_of(who, "p")
        what = chance.choice(["new", "new", "change", "stop"]) if now.medicines else "new"
        if what == "new":
            item = chance.choice(["fj-1", "fj-3", "fj-9", "fj-18", "fj-24", "fj-52", "fj-58"])
            name = ITEMS[item].label
            if name in expected:
                continue
            number = _prescribe(who, order(item, "1+0+0"), seen=now.number)
            expected[name] = "1"
        else:
            line = chance.choice(now.medicines)
            said: dict[str, Any] = {"patient": PATIENT, "medicine": line.reference, "medicine_seen": line.version,
                    "why": "Prøves", "seen": now.number, "by_name": "L"}  # fmt: skip
            if what == "stop":
                number = stop(who, code="2", **said).number
                del expected[line.name]
            else:
                amount = str(chance.randint(2, 9))
                number = change_medicine(
                    who, order=order(line.item, f"{amount}+0+0"), **said
                ).number
                expected[line.name] = amount
        lists = [list_of(each, "p") for each in viewers]
        assert len({(each.number, fingerprint(each)) for each in lists}) == 1
        assert lists[0].number == number
        assert {
            m.name: m.instruction.text("nb").split(" ")[0] for m in lists[0].medicines
        } == expected
        assert all(each.outside == () for each in lists)
