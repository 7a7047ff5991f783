"""Renewal: asked for by a citizen, owned at her GP's office, and the same dose prescribed again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.db import connections

from fellesjournal.access import records
from fellesjournal.access.answering import Why
from fellesjournal.access.once import DoneBefore
from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.actions import (
    Answers,
    prescribe,
    stop,
    undo,
)
from fellesjournal.care.medication.actions import (
    renew as renew_on_list,
)
from fellesjournal.care.medication.queries import changes_of, list_of
from fellesjournal.care.medication.refusals import ListChanged, Refused, Unconfirmed
from fellesjournal.care.medication.rendering import difference_as_plain_text
from fellesjournal.care.medication.renewals import actions
from fellesjournal.care.medication.renewals import jobs as renewals
from fellesjournal.care.medication.renewals.queries import askable, queue, requests_of
from fellesjournal.care.medication.renewals.resources import Outcome, deadline_of
from fellesjournal.care.medication.safety import StopKind
from fellesjournal.fhir.issues import FhirError, NotAllowed, PreconditionFailed
from fellesjournal.foundation import clock
from tests.care.medication.medicines import (
    AMLODIPINE,
    METHOTREXATE,
    PARACETAMOL,
    PATIENT,
    PENICILLIN,
    allergy,
    at_contact,
    old_prescription,
    order,
)
from tests.care.medication.renewing import (
    ask,
    changed,
    citizen,
    close,
    decline,
    handle,
    office,
    prescribed,
    renew,
    standing,
    task,
)
from tests.staff import SYSTEM, put

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
MONDAY = datetime(2026, 5, 4, 10, tzinfo=UTC)


@pytest.fixture
def at() -> dict[str, Session]:
    return office()


@pytest.fixture
def kari(at: dict[str, Session]) -> Session:
    del at
    return citizen()


def _body(reference: str) -> Json:
    kind, _, fhir_id = reference.partition("/")
    found: Json = orjson.loads(records.read(SYSTEM, kind, fhir_id).body or b"")
    return found


# --- asking -------------------------------------------------------------------------------------


def test_what_she_asks_for_has_an_owner_and_a_deadline_at_her_gps_office(
    at: dict[str, Session], kari: Session
) -> None:
    lines = prescribed(at["gp"])
    with clock.at(MONDAY):
        request = ask(kari, lines)
        (row,) = queue(at["gp"])
    assert (row.task.owner, row.task.unit, row.lines) == (
        "Practitioner/gp",
        "Organization/office",
        2,
    )
    assert row.task.deadline == deadline_of(MONDAY)
    assert (row.why, row.is_mine) == (Why.OWN, True)
    assert [each.is_mine for each in queue(at["colleague"])] == [False]
    assert queue(at["hospital"]) == []
    assert standing(request, kari).open_lines == tuple(each.reference for each in lines)


def test_she_asks_only_for_lines_that_her_gps_office_prescribed_and_that_can_be_renewed(
    at: dict[str, Session], kari: Session
) -> None:
    at_contact("hospital", "hospital-doctor", "ward", "stay")
    theirs = prescribed(at["hospital"], order(METHOTREXATE, "6 tabletter mandag hver uke"))[0]
    prescribed(at["gp"], order(PARACETAMOL, "1 tablett morgen hver dag i 5 dager"), order())
    now = list_of(kari, "p")
    may = askable(kari, now, [])
    mine = next(each for each in now.medicines if each.name.startswith("Amlodipin"))
    course = next(each for each in now.medicines if each.name.startswith("Paracetamol"))
    assert may.lines == (mine.reference,)
    assert may.why_not == {theirs.reference: "not-by-gp", course.reference: "ends"}
    for line, why in ((theirs, "not-by-gp"), (course, "ends")):
        with pytest.raises(Refused) as refused:
            ask(kari, [line])
        assert refused.value.code == why
    with pytest.raises(Refused) as refused:
        ask(kari, ["MedicationRequest/nobody"])
    assert refused.value.code == "not-on-the-list"
    with pytest.raises(Refused):
        ask(kari, [])


def test_what_a_gp_prescribed_who_has_left_is_still_asked_for_at_the_office(
    at: dict[str, Session], kari: Session
) -> None:
    (line,) = prescribed(at["colleague"], order())
    put("PractitionerRole", "colleague-role", active=False,
        practitioner={"reference": "Practitioner/colleague"},
        organization={"reference": "Organization/office"},
        code=[{"coding": [{"system": "https://fellesjournal.example/fhir/CodeSystem/staff-role",
                           "code": "gp"}]}])  # fmt: skip
    assert askable(kari, list_of(kari, "p"), []).lines == (line.reference,)


def test_nobody_asks_without_a_gp(at: dict[str, Session], kari: Session) -> None:
    lines = prescribed(at["gp"], order())
    put("Patient", "p", birthDate="1944-03-14")
    with pytest.raises(Refused) as refused:
        ask(kari, lines)
    assert refused.value.code == "no-office"


def test_the_same_line_is_not_asked_for_twice_and_the_same_form_is_one_request(
    at: dict[str, Session], kari: Session
) -> None:
    amlodipine, paracetamol = prescribed(at["gp"])
    form = "0b9ed4d2-3bb6-4f7f-9a37-6e1f3f3f9b11"
    ask(kari, [amlodipine], form)
    with pytest.raises(Refused) as refused:
        ask(kari, [amlodipine, paracetamol])
    assert (refused.value.code, refused.value.about) == ("asked", (amlodipine.reference,))
    with pytest.raises(DoneBefore):
        ask(kari, [paracetamol], form)
    ask(kari, [paracetamol])
    assert len(queue(at["gp"])) == 2


def test_after_a_refusal_she_may_ask_again(at: dict[str, Session], kari: Session) -> None:
    lines = prescribed(at["gp"], order())
    first = ask(kari, lines)
    decline(at["gp"], first)
    ask(kari, lines)
    assert len(queue(at["gp"])) == 1


@pytest.mark.usefixtures("empty_record")
@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_the_same_at_once_make_one_request(
    at: dict[str, Session], kari: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    _meet_in(monkeypatch, "askable")
    lines = prescribed(at["gp"], order())
    assert sorted(_at_once(lambda _n: ask(kari, lines), 2)) == ["Refused", "done"]
    assert len(requests_of(SYSTEM, PATIENT)) == 1


def test_the_task_is_made_once_however_often_it_is_told(
    at: dict[str, Session], kari: Session
) -> None:
    request = ask(kari, prescribed(at["gp"], order()))
    for _ in range(2):
        renewals.take_in(SYSTEM, request)
    renewals.tend(SYSTEM)
    assert len(queue(at["gp"])) == 1


# --- renewing -----------------------------------------------------------------------------------


def test_a_renewal_is_a_new_prescription_with_the_dose_untouched_that_names_the_one_before(
    at: dict[str, Session], kari: Session
) -> None:
    amlodipine, paracetamol = prescribed(at["gp"])
    before = _body(amlodipine.reference)
    request = ask(kari, [amlodipine, paracetamol])
    done = renew(at["colleague"], [amlodipine, paracetamol], request)
    assert (done.number, len(done.added)) == (3, 2)
    after = next(
        each for each in map(_body, done.added)
        if each["priorPrescription"]["reference"] == amlodipine.reference
    )  # fmt: skip
    assert after["dosageInstruction"] == before["dosageInstruction"]
    assert after["medicationCodeableConcept"] == before["medicationCodeableConcept"]
    assert (after["status"], after["requester"]["reference"]) == (
        "active",
        "Practitioner/colleague",
    )
    old = _body(amlodipine.reference)
    assert (old["status"], old["statusReason"]["coding"][0]["code"]) == ("stopped", "renewed")
    assert [each.prior for each in list_of(kari, "p").medicines] == [
        amlodipine.reference, paracetamol.reference,
    ]  # fmt: skip


def test_the_first_renewal_in_an_older_record_makes_its_list(
    at: dict[str, Session], kari: Session
) -> None:
    old_prescription("old", requester={"reference": "Practitioner/gp"})
    old_prescription("other", "Furosemid 40 mg tablett")
    line = list_of(kari, "p").medicines[1]
    request = ask(kari, [line])
    assert renew(at["gp"], [line], request).number == 1
    now = list_of(kari, "p")
    assert [(each.name, each.prior) for each in now.medicines] == [
        ("Furosemid 40 mg tablett", ""), ("Ramipril 5 mg tablett", "MedicationRequest/old"),
    ]  # fmt: skip


def test_she_is_told_and_nobody_is_asked_any_more(at: dict[str, Session], kari: Session) -> None:
    lines = prescribed(at["gp"])
    request = ask(kari, lines)
    renew(at["gp"], lines, request)
    (said,) = standing(request, kari).answers
    assert (said.outcome, said.by_name) == (Outcome.RENEWED, "Lege")
    assert set(said.lines) == {each.reference for each in lines}
    assert queue(at["gp"]) == []
    assert not task(request).is_open


def test_what_is_left_of_a_request_stays_until_it_is_answered(
    at: dict[str, Session], kari: Session
) -> None:
    amlodipine, paracetamol = prescribed(at["gp"])
    request = ask(kari, [amlodipine, paracetamol])
    renew(at["gp"], [amlodipine], request)
    assert standing(request).open_lines == (paracetamol.reference,)
    assert len(queue(at["gp"])) == 1
    decline(at["gp"], request, "Trengs ikke lenger")
    found = standing(request, kari)
    answer = found.answer_to(paracetamol.reference)
    assert answer is not None
    assert (answer.outcome, answer.words) == (Outcome.DECLINED, "Trengs ikke lenger")
    assert queue(at["gp"]) == []


def test_a_refusal_has_a_reason_and_changes_no_medicine(
    at: dict[str, Session], kari: Session
) -> None:
    lines = prescribed(at["gp"], order())
    request = ask(kari, lines)
    for words in ("", "  ", "x" * 1001):
        with pytest.raises(Refused):
            decline(at["gp"], request, words)
    decline(at["gp"], request)
    assert list_of(kari, "p").number == 1
    with pytest.raises(PreconditionFailed):
        decline(at["gp"], request)


def test_a_renewal_from_the_list_answers_what_was_asked(
    at: dict[str, Session], kari: Session
) -> None:
    lines = prescribed(at["gp"], order())
    request = ask(kari, lines)
    renew(at["gp"], lines)
    assert [each.outcome for each in standing(request).answers] == [Outcome.RENEWED]
    assert queue(at["gp"]) == []


def test_the_change_is_told_as_a_renewal_and_not_as_another_dose(
    at: dict[str, Session], kari: Session
) -> None:
    (line,) = prescribed(at["gp"], order())
    renew(at["gp"], [line])
    newest = changes_of(kari, list_of(kari, "p"))[0].difference
    assert ([each.name for each in newest.renewed], newest.changed, newest.added, newest.ended) == (
        [line.name], (), (), (),
    )  # fmt: skip
    assert newest.is_empty
    assert difference_as_plain_text(newest, "nb") == ""


def test_inv_19_a_daily_dose_of_a_weekly_medicine_is_a_hard_stop_when_it_is_renewed_too(
    at: dict[str, Session], kari: Session
) -> None:
    del kari
    with pytest.raises(Unconfirmed) as refused:
        prescribed(at["gp"], order(METHOTREXATE, "1+0+0"))
    stops = frozenset(each.id for each in refused.value.stops)
    prescribe(at["gp"], patient=PATIENT, order=order(METHOTREXATE, "1+0+0"), seen=0,
              by_name="Lege", answers=Answers(stops))  # fmt: skip
    (line,) = list_of(SYSTEM, "p").medicines
    with pytest.raises(Unconfirmed) as again:
        renew(at["gp"], [line])
    assert [each.kind for each in again.value.stops] == [StopKind.NOT_WEEKLY]
    assert list_of(SYSTEM, "p").number == 1


def test_an_allergy_found_since_stops_the_renewal_until_there_is_a_reason(
    at: dict[str, Session], kari: Session
) -> None:
    (line,) = prescribed(at["gp"], order(PENICILLIN, "1x3"))
    request = ask(kari, [line])
    allergy()
    with pytest.raises(Unconfirmed) as refused:
        renew(at["gp"], [line], request)
    assert queue(at["gp"])[0].task.is_open
    reasons = {each.id: "Tålt siden" for each in refused.value.alerts}
    assert reasons
    renew_on_list(
        at["gp"], patient=PATIENT, lines={line.reference: line.version}, seen=1, by_name="Lege",
        answers=Answers(reasons=reasons),
    )  # fmt: skip
    assert list_of(SYSTEM, "p").number == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 tablett morgen hver dag i 5 dager", "ends"),
        ("2 tabletter morgen hver dag i 5 dager, deretter 1 tablett morgen hver dag", "ends"),
    ],
)
def test_a_course_or_a_dose_in_steps_does_not_begin_anew_by_a_renewal(
    at: dict[str, Session], kari: Session, text: str, code: str
) -> None:
    del kari
    (line,) = prescribed(at["gp"], order(AMLODIPINE, text))
    with pytest.raises(Refused) as refused:
        renew(at["gp"], [line])
    assert (refused.value.code, code) == ("not-renewable", "ends")


def test_a_dose_kept_as_words_is_renewed_word_by_word(
    at: dict[str, Session], kari: Session
) -> None:
    del kari
    (line,) = prescribed(at["gp"], replace(order(), dosage=None, words="Som avtalt"))
    done = renew(at["gp"], [line])
    assert _body(done.added[0])["dosageInstruction"] == [{"text": "Som avtalt"}]


# --- who, and when --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nurse", "secretary"])
def test_only_who_prescribes_renews_or_declines(
    at: dict[str, Session], kari: Session, who: str
) -> None:
    lines = prescribed(at["gp"], order())
    request = ask(kari, lines)
    with pytest.raises(NotAllowed):
        renew(at[who], lines, request)
    with pytest.raises(NotAllowed):
        decline(at[who], request)


def test_who_has_no_ground_neither_sees_nor_answers(at: dict[str, Session], kari: Session) -> None:
    lines = prescribed(at["gp"], order())
    request = ask(kari, lines)
    assert requests_of(at["hospital"], PATIENT) == []
    with pytest.raises((FhirError, ListChanged)):
        renew(at["hospital"], lines, request)
    assert list_of(SYSTEM, "p").number == 1


def test_what_is_not_answered_in_time_awaits_everybody_who_prescribes_at_the_office(
    at: dict[str, Session], kari: Session
) -> None:
    with clock.at(MONDAY):
        ask(kari, prescribed(at["gp"], order()))
    with clock.at(deadline_of(MONDAY) + timedelta(minutes=1)):
        handle()
        (row,) = queue(at["colleague"])
    assert (row.task.is_escalated, row.why, row.is_mine) == (True, Why.ESCALATED, True)


def test_inv_28_what_a_gp_had_who_leaves_awaits_the_office(
    at: dict[str, Session], kari: Session
) -> None:
    ask(kari, prescribed(at["gp"], order()))
    role = _body("PractitionerRole/gp-role")
    put("PractitionerRole", "gp-role", **{n: v for n, v in role.items() if n not in {"id", "meta", "resourceType"}},
        active=False)  # fmt: skip
    handle()
    (row,) = queue(at["colleague"])
    assert (row.task.owner, row.why) == ("Organization/office", Why.UNIT)


def test_what_was_renewed_on_request_is_not_undone_without_the_answer_she_got(
    at: dict[str, Session], kari: Session
) -> None:
    lines = prescribed(at["gp"], order())
    request = ask(kari, lines)
    renew(at["gp"], lines, request)
    with pytest.raises(Refused):
        undo(at["gp"], patient=PATIENT, number=2, by_name="Lege")
    assert standing(request).open_lines == ()


def test_a_renewal_on_request_is_undone_with_its_answer_and_she_waits_again(
    at: dict[str, Session], kari: Session
) -> None:
    first, second = prescribed(at["gp"])
    request = ask(kari, [first, second])
    decline(at["gp"], request)
    again = ask(kari, [first])
    renew(at["gp"], [first], again)
    found = actions.undo_renewal(at["gp"], patient=PATIENT, number=3, by_name="Lege")
    assert found == [again]
    assert task(again).is_open
    assert standing(again, kari).open_lines == (first.reference,)
    assert standing(request).open_lines == ()  # what was said of another request stands
    assert [each.task.request for each in queue(at["gp"])] == [again]
    assert first.reference in {e.reference for e in list_of(SYSTEM, "p").medicines}


def test_a_renewal_nobody_asked_for_is_undone_like_other_changes(
    at: dict[str, Session], kari: Session
) -> None:
    del kari
    lines = prescribed(at["gp"], order())
    renew(at["gp"], lines)
    undo(at["gp"], patient=PATIENT, number=2, by_name="Lege")
    assert [each.reference for each in list_of(SYSTEM, "p").medicines] == [lines[0].reference]


def test_a_line_that_was_stopped_meanwhile_is_not_renewed_and_the_request_is_still_answered(
    at: dict[str, Session], kari: Session
) -> None:
    (line,) = prescribed(at["gp"], order())
    request = ask(kari, [line])
    stop(at["gp"], patient=PATIENT, medicine=line.reference, medicine_seen=line.version, code="2",
         why="Lavt trykk", seen=1, by_name="Lege")  # fmt: skip
    with pytest.raises(Refused) as refused:
        renew(at["gp"], [line], request)
    assert refused.value.code == "not-on-the-list"
    decline(at["gp"], request, "Stoppet: lavt trykk")
    assert queue(at["gp"]) == []


@pytest.mark.usefixtures("empty_record")
@pytest.mark.django_db(transaction=True)
def test_two_gps_who_renew_the_same_at_once_make_one_renewal(
    at: dict[str, Session], kari: Session
) -> None:
    lines = prescribed(at["gp"], order())
    request = ask(kari, lines)
    both = (at["gp"], at["colleague"])
    done = _at_once(lambda n: renew(both[n].again(), lines, request, seen=1), 2)
    assert done.count("done") == 1
    now = list_of(SYSTEM, "p")
    assert (now.number, [each.prior for each in now.medicines]) == (2, [lines[0].reference])
    assert len(standing(request).answers) == 1


@pytest.mark.usefixtures("empty_record")
@pytest.mark.django_db(transaction=True)
def test_of_one_who_renews_and_one_who_declines_at_once_one_is_told(
    at: dict[str, Session], kari: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    _meet_in(monkeypatch, "answered")
    lines = prescribed(at["gp"], order())
    request = ask(kari, lines)

    def do(n: int) -> object:
        if n:
            decline(at["colleague"].again(), request)
            return None
        return renew(at["gp"].again(), lines, request, seen=1)

    assert _at_once(do, 2).count("done") == 1
    (said,) = standing(request).answers
    assert (said.outcome == Outcome.RENEWED) == (list_of(SYSTEM, "p").number == 2)


def _meet_in(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let two who do it at once both come as far as this function of the action, if they can."""
    plain, both = getattr(actions, name), threading.Barrier(2)

    def waits(*given: Any, **named: Any) -> Any:
        found = plain(*given, **named)
        with suppress(threading.BrokenBarrierError):  # the other is kept waiting before it
            both.wait(timeout=2)
        return found

    monkeypatch.setattr(actions, name, waits)


def _at_once(do: Callable[[int], object], count: int) -> list[str]:
    """What became of each of those who did it at the same moment: "done", or the refusal."""
    barrier, found = threading.Barrier(count), list[str]()

    def one(n: int) -> None:
        try:
            barrier.wait()
            do(n)
            found.append("done")
        except Exception as error:  # noqa: BLE001 - told by name, whatever it is
            found.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[n]) for n in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found


# --- the dose is changed while a renewal awaits its answer ---------------------------------------


def test_what_was_asked_for_and_then_changed_is_not_offered_again(
    at: dict[str, Session], kari: Session
) -> None:
    (line,) = prescribed(at["gp"], order())
    request = ask(kari, [line])
    now = changed(at["gp"], line, order(text="1+0+1"))
    assert now.reference != line.reference
    may = askable(kari, list_of(kari, "p"), requests_of(kari, PATIENT))
    assert (may.lines, may.why_not) == ((), {now.reference: "asked"})
    with pytest.raises(Refused) as refused:
        ask(kari, [now])
    assert refused.value.code == "asked"
    assert standing(request).open_lines == (line.reference,)


def test_renewing_the_dose_that_holds_now_answers_what_was_asked_for_before_the_change(
    at: dict[str, Session], kari: Session
) -> None:
    (line,) = prescribed(at["gp"], order())
    request = ask(kari, [line])
    now = changed(at["gp"], line, order(text="1+0+1"))
    renew(at["gp"], [now], request)
    (said,) = standing(request).answers
    assert (said.outcome, said.lines) == (Outcome.RENEWED, (line.reference,))
    assert not task(request).is_open
    (again,) = list_of(SYSTEM, "p").medicines
    assert again.instruction.text("nb") == now.instruction.text("nb")


def test_what_was_prescribed_after_it_was_asked_for_is_closed_and_nothing_is_prescribed(
    at: dict[str, Session], kari: Session
) -> None:
    lines = prescribed(at["gp"])
    request = ask(kari, lines)
    changed(at["gp"], lines[0], order(text="1+0+1"))
    number = list_of(SYSTEM, "p").number
    assert close(at["gp"], request) == 1
    found = standing(request)
    assert found.open_lines == (lines[1].reference,)
    assert [each.outcome for each in found.answers] == [Outcome.PRESCRIBED]
    assert task(request).is_open
    assert list_of(SYSTEM, "p").number == number


def test_nothing_is_closed_as_prescribed_that_stands_as_it_was_asked_for(
    at: dict[str, Session], kari: Session
) -> None:
    request = ask(kari, prescribed(at["gp"], order()))
    with pytest.raises(Refused) as refused:
        close(at["gp"], request)
    assert refused.value.code == "not-prescribed-since"
    with pytest.raises(NotAllowed):
        close(at["nurse"], request)


def test_what_was_taken_off_the_list_is_not_taken_for_what_was_changed(
    at: dict[str, Session], kari: Session
) -> None:
    (line,) = prescribed(at["gp"], order())
    request = ask(kari, [line])
    stop(
        at["gp"], patient=PATIENT, medicine=line.reference, medicine_seen=line.version, code="2",
        why="Ikke nødvendig", seen=list_of(SYSTEM, "p").number, by_name="Lege",
    )  # fmt: skip
    prescribed(at["gp"], order(text="1+0+1"))
    assert list_of(SYSTEM, "p").stands_for(line.reference) is None
    with pytest.raises(Refused):
        close(at["gp"], request)
