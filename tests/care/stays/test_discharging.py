"""A stay ends with its summary on the way to those who need it, or a reason: all of it at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fellesjournal.access import acts, jobs
from fellesjournal.access.discharges import MANDATORY, NoSummary
from fellesjournal.care.messages import queries as messages
from fellesjournal.care.messages.actions import NotPreviewed
from fellesjournal.care.messages.letters import fingerprint
from fellesjournal.care.stays import queries
from fellesjournal.care.stays.actions import (
    Leaving,
    Sending,
    discharge,
    discharge_without,
    save_summary,
    send_owed,
)
from fellesjournal.care.stays.refusals import StayRefused, Why
from fellesjournal.care.stays.resources import Stay
from fellesjournal.care.stays.summaries import Summary
from fellesjournal.fhir.issues import Conflict, NotAllowed, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.worker import handle_all
from fellesjournal.surfaces.clinic.discharging import send_and_discharge
from tests.care.stays.world import TEXTS, World, encounter, grant_home_care
from tests.staff import SYSTEM, register


def test_discharge_signs_sends_ends_and_tells_in_one_act(ward: World) -> None:
    grant_home_care()
    stay = ward.admit()
    over = ward.discharge(stay)
    assert over.status == "finished"
    assert over.ended is not None
    summary = queries.summary_of_stay(SYSTEM, over)
    assert summary is not None
    assert not summary.is_draft
    (letter,) = messages.letters_of(SYSTEM, "anna")
    assert {each.recipient.reference for each in letter.deliveries} == {
        "Organization/office",
        "Organization/home-care",
        "Patient/anna",
    }
    handle_all(jobs.call)
    assert [task["focus"]["reference"] for task in messages.received(ward.gp, ward.gp.unit)] == [
        f"DocumentReference/{letter.id}"
    ]
    assert "Ord om course." in letter.text


def test_inv_41_summary_without_words_in_a_mandatory_part_is_not_signed(ward: World) -> None:
    stay = ward.admit()
    for key in MANDATORY:
        summary = ward.summary(stay, TEXTS | {key: " \n "})
        letter, to = ward.letter(stay, summary)
        with pytest.raises(StayRefused) as refused:
            send_and_discharge(
                ward.doctor, stay, summary, letter, to,
                seen=stay.version, previewed=fingerprint(letter), leaving=Leaving(),
            )  # fmt: skip
        assert (refused.value.why, refused.value.fields) == (Why.MISSING, (key,))
    assert ward.now(stay).is_going_on


def test_inv_41_what_is_sent_is_what_was_shown(ward: World) -> None:
    stay = ward.admit()
    letter, _ = ward.letter(stay, ward.summary(stay))
    changed = ward.summary(stay, TEXTS | {"course": "Noe annet."})
    now, to = ward.letter(stay, changed)
    with pytest.raises(NotPreviewed):
        send_and_discharge(
            ward.doctor, stay, changed, now, to,
            seen=stay.version, previewed=fingerprint(letter), leaving=Leaving(),
        )  # fmt: skip
    assert messages.letters_of(SYSTEM, "anna") == []
    over = ward.discharge(stay)
    (sent,) = messages.letters_of(SYSTEM, "anna")
    shown, _ = ward.letter(over, ward_summary(over))
    assert sent.text == shown.text


def ward_summary(stay: Stay) -> Summary:
    found = queries.summary_of_stay(SYSTEM, stay)
    assert found is not None
    return found


def test_inv_42_summary_that_does_not_go_to_the_gp_ends_no_stay(ward: World) -> None:
    stay = ward.admit()
    summary = ward.summary(stay)
    letter, to = ward.letter(stay, summary)
    others = [each for each in to if each.why != "gp"]
    assert len(others) == len(to) - 1
    with pytest.raises(NoSummary):
        send_and_discharge(
            ward.doctor, stay, summary, letter, others,
            seen=stay.version, previewed=fingerprint(letter), leaving=Leaving(),
        )  # fmt: skip
    assert ward.now(stay).is_going_on
    assert messages.letters_of(SYSTEM, "anna") == []
    assert ward_summary(stay).is_draft


def test_inv_42_nothing_sent_ends_no_stay(ward: World) -> None:
    stay = ward.admit()
    summary = ward.summary(stay)
    with pytest.raises(NoSummary):
        discharge(
            ward.doctor, patient="anna", stay_id=stay.id, seen=stay.version,
            summary_id=summary.id, summary_seen=summary.version, leaving=Leaving(),
            sending=Sending([]),
        )  # fmt: skip
    assert ward.now(stay).is_going_on
    assert ward_summary(stay).is_draft


def test_patient_without_gp_leaves_with_a_reason_and_the_summary_goes_to_her(ward: World) -> None:
    stay = ward.admit()
    register("anna", name=[{"text": "Anna Fiktiv"}])
    with pytest.raises(NoSummary):
        ward.discharge(stay)
    over = ward.discharge(stay, without_gp="Turist uten fastlege i Norge.")
    assert over.ended_without == "no-list-gp"
    (letter,) = messages.letters_of(SYSTEM, "anna")
    assert [each.recipient.reference for each in letter.deliveries] == ["Patient/anna"]


def test_stay_ends_without_summary_by_a_coded_reason_with_words_alone(ward: World) -> None:
    stay = ward.admit()
    for reason, words in (("summary-later", "kort"), ("because", "En lang begrunnelse her.")):
        with pytest.raises(StayRefused) as refused:
            _without(ward, stay, reason, words)
        assert refused.value.why is Why.NO_REASON
    over = _without(ward, stay, "summary-later", "Prøvesvar gjenstår, skrives i morgen.")
    assert (over.status, over.ended_without) == ("finished", "summary-later")


def _without(ward: World, stay: Stay, reason: str, words: str) -> Stay:
    return discharge_without(
        ward.doctor, patient="anna", stay_id=stay.id, seen=stay.version, leaving=Leaving(),
        reason=reason, words=words,
    )  # fmt: skip


def test_owed_summary_is_somebodys_work_late_after_seven_days_and_done_when_sent(
    ward: World,
) -> None:
    over = _without(ward, ward.admit(), "summary-later", "Prøvesvar gjenstår, skrives i morgen.")
    (owed,) = queries.summaries_owed(ward.nurse)
    assert (owed.stay, owed.patient, owed.is_late) == (over.id, "Patient/anna", False)
    assert queries.summaries_owed(ward.gp) == ()
    with clock.at(clock.now() + timedelta(days=7, hours=1)):
        assert queries.summaries_owed(ward.nurse)[0].is_late
    summary = ward.summary(over)
    send_owed(
        ward.doctor, patient="anna", stay_id=over.id, summary_id=summary.id,
        summary_seen=summary.version, sending=Sending([]),
    )  # fmt: skip
    assert queries.summaries_owed(ward.nurse) == ()


def test_only_a_doctor_of_the_ward_discharges(ward: World) -> None:
    stay = ward.admit()
    summary = ward.summary(stay)
    letter, to = ward.letter(stay, summary)
    for session, why in ((ward.nurse, Why.NOT_A_DOCTOR), (ward.gp, Why.NOT_YOURS)):
        with pytest.raises(StayRefused) as refused:
            send_and_discharge(
                session, stay, summary, letter, to,
                seen=stay.version, previewed=fingerprint(letter), leaving=Leaving(),
            )  # fmt: skip
        assert refused.value.why is why


def test_discharge_of_a_stay_that_somebody_has_changed_is_refused_whole(ward: World) -> None:
    stay = ward.admit()
    ward.discharge(stay)
    other = ward.admit("bo")
    with pytest.raises(PreconditionFailed):
        ward.discharge(other, seen=other.version + 1)
    assert ward.now(other).is_going_on
    assert messages.letters_of(SYSTEM, "bo") == []


def test_draft_that_somebody_else_has_written_in_is_not_overwritten(ward: World) -> None:
    stay = ward.admit()
    first = ward.summary(stay)
    ward.summary(stay, TEXTS | {"course": "Skrevet av en annen."})
    with pytest.raises(StayRefused) as refused:
        overwrite(ward, stay, first.version)
    assert refused.value.why is Why.CHANGED
    assert ward_summary(stay).texts["course"] == "Skrevet av en annen."


def overwrite(ward: World, stay: Stay, seen: int) -> None:
    save_summary(ward.doctor, patient="anna", stay_id=stay.id, texts=TEXTS, seen=seen)


def test_inv_51_fault_at_the_end_leaves_nothing_of_the_discharge(
    ward: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stay = ward.admit()

    def fail(*_: object) -> None:
        raise RuntimeError("the machine stopped")

    monkeypatch.setattr(acts, "publish", fail)
    with pytest.raises(RuntimeError):
        ward.discharge(stay)
    monkeypatch.undo()
    assert ward.now(stay).is_going_on
    assert messages.letters_of(SYSTEM, "anna") == []
    assert ward_summary(stay).is_draft


def test_signed_summary_is_not_written_in(ward: World) -> None:
    over = ward.discharge(ward.admit())
    summary = ward_summary(over)
    with pytest.raises(StayRefused) as refused:
        ward.summary(over, TEXTS | {"course": "Noe annet."})
    assert refused.value.why is Why.SIGNED
    data, version = acts.read(SYSTEM, "Composition", summary.id)
    data["title"] = "Noe annet"
    with pytest.raises((Conflict, NotAllowed)):
        acts.act(ward.doctor, [acts.change(data, seen=version)])
    assert encounter(over)[0]["status"] == "finished"
