"""Notes: begun, written, signed, added to; what is refused, told and owed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection as django_connection

from fellesjournal.access import acts
from fellesjournal.access.labels import LABEL_DETAILS, label_problems
from fellesjournal.access.once import RefusedBefore
from fellesjournal.access.sessions import Session
from fellesjournal.care.notes.actions import (
    Settle,
    Settled,
    Typed,
    add_to_note,
    begin_note,
    discard_note,
    save_note,
    sign_note,
)
from fellesjournal.care.notes.classification import Shown, choices
from fellesjournal.care.notes.narrative import narrative, plain, text_of
from fellesjournal.care.notes.queries import note, notes_of, unsigned_notes
from fellesjournal.care.notes.refusals import NoteRefused, Why
from fellesjournal.fhir.issues import FhirError, NotFound
from fellesjournal.fhir.validation import validate
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from fellesjournal.foundation.outbox.wiring import Subscription
from tests.staff import SYSTEM, employ, put, register, staff

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


@pytest.fixture
def gp() -> Session:
    """A GP and her patients; her colleague, on the list with her."""
    session = employ("gp")
    employ("other")
    register("kari", "Practitioner/gp", "Practitioner/other")
    register("ola", "Practitioner/gp")
    return session


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody reacts to notes, so that messages are left."""
    found = {
        name: [Subscription(name, "x", print, "HOPERAT")]
        for name in ("note-signed", "note-amended")
    }
    monkeypatch.setattr("fellesjournal.foundation.outbox.events.subscriptions", lambda: found)


def _draft(session: Session, words: str = "Hoste", patient: str = "kari") -> tuple[str, int]:
    key = begin_note(session, patient=patient)
    saved = save_note(session, patient=patient, note=key, typed={"reason": Typed(words, "")})
    return key, saved.note.version


def _signed(session: Session) -> str:
    key, version = _draft(session)
    sign_note(session, patient="kari", note=key, seen=version, shown=Shown.NORMAL)
    return key


def _messages() -> list[tuple[str, str, dict[str, str]]]:
    rows = connection().execute(
        "select event, key, payload ->> 'patient', payload ->> 'note' from outbox.message"
        " where event like 'note-%%' order by id"
    )
    return [
        (event, key, {"patient": patient, "note": about}) for event, key, patient, about in rows
    ]


@pytest.mark.parametrize(
    "text", ["Hoste", " innrykk\n\n  og linjer \n", "<b>&amp; æøå 𝔘 \"'", "a\tb", "\nførst"]
)
def test_text_comes_back_as_it_was_typed(text: str) -> None:
    assert text_of({"text": narrative(text)}) == text


def test_text_is_kept_without_what_no_document_can_hold() -> None:
    assert plain("a\r\nb\x00c\rd\ud800") == "a\nbc\nd"


def test_note_is_a_valid_composition_in_each_of_its_states(gp: Session) -> None:
    key, version = _draft(gp)
    bodies = [acts.read(gp, "Composition", key)[0]]
    sign_note(gp, patient="kari", note=key, seen=version, shown=Shown.NOT_PARENTS, reason="Why")
    bodies.append(acts.read(gp, "Composition", key)[0])
    add_to_note(gp, patient="kari", note=key, kind="correction", text="Nei")
    bodies.append(acts.read(gp, "Composition", key)[0])
    for body in bodies:
        assert [each for each in validate(body) if each.severity == "error"] == []
        assert label_problems(body) == []
        assert body["custodian"]["display"] == "Unit u"
        assert body["author"][0] == {"reference": "Practitioner/gp", "display": "gp"}
    assert [body["status"] for body in bodies] == ["preliminary", "final", "amended"]


def test_the_one_contact_under_way_at_her_unit_is_what_a_note_is_of(gp: Session) -> None:
    put(
        "Encounter", "e", status="in-progress", subject={"reference": "Patient/kari"},
        serviceProvider={"reference": "Organization/u"},
        **{"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"}},
    )  # fmt: skip
    assert note(gp, "kari", begin_note(gp, patient="kari")).encounter == "e"
    assert note(gp, "ola", begin_note(gp, patient="ola")).encounter == ""


def test_an_empty_draft_of_hers_is_taken_up_again(gp: Session) -> None:
    key = begin_note(gp, patient="kari")
    assert begin_note(gp, patient="kari") == key
    assert begin_note(staff("other"), patient="kari") != key
    _draft(gp)
    assert begin_note(gp, patient="kari") != key


def test_saving_the_same_makes_no_version(gp: Session) -> None:
    key, version = _draft(gp)
    saved = save_note(gp, patient="kari", note=key, typed={"reason": Typed("Hoste", "Hoste")})
    assert saved.note.version == version


def test_whoever_writes_in_a_draft_becomes_an_author(gp: Session) -> None:
    key, _ = _draft(gp)
    other = staff("other")
    save_note(other, patient="kari", note=key, typed={"plan": Typed("Kontroll", "")})
    assert [each.reference for each in note(gp, "kari", key).authors] == [
        "Practitioner/gp",
        "Practitioner/other",
    ]


def test_inv_44_write_names_the_patient_it_is_about(gp: Session) -> None:
    key, version = _draft(gp)
    signed = _signed(gp)
    attempts = (
        lambda: save_note(gp, patient="ola", note=key, typed={"plan": Typed("x", "")}),
        lambda: sign_note(gp, patient="ola", note=key, seen=version, shown=Shown.NORMAL),
        lambda: discard_note(gp, patient="ola", note=key),
        lambda: add_to_note(gp, patient="ola", note=signed, kind="addendum", text="x"),
    )
    before = acts.read(gp, "Composition", key), acts.read(gp, "Composition", signed)
    for attempt in attempts:
        with pytest.raises(NoteRefused) as refused:
            attempt()
        assert refused.value.why is Why.OTHER_PATIENT
    assert before == (acts.read(gp, "Composition", key), acts.read(gp, "Composition", signed))
    with pytest.raises(NotFound):
        note(gp, "ola", key)


def test_collision_keeps_both_texts_until_somebody_chooses(gp: Session) -> None:
    key, _ = _draft(gp)
    other = staff("other")
    save_note(gp, patient="kari", note=key, typed={"reason": Typed("Hoste og feber", "Hoste")})
    mine = {"reason": Typed("Hoste i uker", "Hoste")}
    saved = save_note(other, patient="kari", note=key, typed=mine)
    assert saved.collided == ("reason",)
    with pytest.raises(NoteRefused) as refused:
        sign_note(gp, patient="kari", note=key, seen=saved.note.version, shown=Shown.NORMAL)
    assert refused.value.why is Why.UNMERGED
    drop = Settled("reason", "Practitioner/other", Settle.DROP)
    kept = save_note(gp, patient="kari", note=key, typed={}, settled=drop)
    assert [each.text for each in kept.note.sections if each.text] == [
        "Hoste og feber\nHoste i uker"
    ]


@pytest.mark.parametrize(
    ("how", "text"),
    [
        (Settle.BOTH, "Hoste og feber\nHoste i uker"),
        (Settle.MINE, "Hoste i uker"),
        (Settle.DROP, "Hoste og feber"),
    ],
)
def test_who_wrote_a_text_beside_chooses_what_becomes_of_it(
    gp: Session, how: Settle, text: str
) -> None:
    key, _ = _draft(gp)
    other = staff("other")
    save_note(gp, patient="kari", note=key, typed={"reason": Typed("Hoste og feber", "Hoste")})
    save_note(other, patient="kari", note=key, typed={"reason": Typed("Hoste i uker", "Hoste")})
    settled = Settled("reason", other.person, how)
    saved = save_note(other, patient="kari", note=key, typed={}, settled=settled)
    found = saved.note.section("reason")
    assert found is not None
    assert (found.text, found.unmerged) == (text, ())


def test_what_was_on_its_way_from_the_same_page_collides_with_nothing(gp: Session) -> None:
    """A page that is closed sends its last words before the answer to those before has come."""
    key, _ = _draft(gp)
    save_note(gp, patient="kari", note=key, typed={"reason": Typed("Hoste og", "Hoste")})
    last = Typed("Hoste og feber", "Hoste", sent="Hoste og")
    saved = save_note(gp, patient="kari", note=key, typed={"reason": last})
    assert (saved.collided, saved.note.sections[0].text) == ((), "Hoste og feber")
    late = save_note(gp, patient="kari", note=key, typed={"reason": Typed("Hoste og f", "Hoste")})
    assert (late.collided, late.note.sections[0].text) == ((), "Hoste og feber")


def test_signing_is_refused_with_a_reason(gp: Session) -> None:
    key, version = _draft(gp)
    empty = begin_note(gp, patient="ola")

    def why(
        session: Session, key: str, seen: int, shown: Shown | None, patient: str = "kari"
    ) -> Why:
        with pytest.raises(NoteRefused) as refused:
            sign_note(session, patient=patient, note=key, seen=seen, shown=shown)
        return refused.value.why

    assert why(staff("other"), key, version, Shown.NORMAL) is Why.NOT_AUTHOR
    assert why(gp, key, version - 1, Shown.NORMAL) is Why.CHANGED
    assert why(gp, empty, 1, Shown.NORMAL, "ola") is Why.EMPTY
    assert why(gp, key, version, None) is Why.UNCLASSIFIED
    assert why(gp, key, version, Shown.DANGER) is Why.UNREASONED
    sign_note(gp, patient="kari", note=key, seen=version, shown=Shown.NORMAL)
    assert why(gp, key, version, Shown.NORMAL) is Why.SIGNED


def test_inv_43_signed_note_is_not_written_in(gp: Session) -> None:
    key = _signed(gp)
    with pytest.raises(NoteRefused) as refused:
        save_note(gp, patient="kari", note=key, typed={"reason": Typed("Annet", "Hoste")})
    assert refused.value.why is Why.SIGNED
    with pytest.raises(NoteRefused):
        discard_note(gp, patient="kari", note=key)


def test_addition_is_dated_signed_and_the_old_stays(gp: Session) -> None:
    key = _signed(gp)
    with clock.at(MONDAY):
        add_to_note(staff("other"), patient="kari", note=key, kind="correction", text="Ikke hoste")
    found = note(gp, "kari", key)
    assert [each.text for each in found.sections] == ["Hoste"]
    (added,) = found.additions
    assert (added.kind, added.author.name) == ("correction", "other")
    assert added.at is not None
    assert added.at.at == MONDAY
    assert found.was_corrected
    assert [each.by.name for each in found.signatures] == ["gp", "other"]


def test_the_same_addition_sent_twice_is_added_once(gp: Session) -> None:
    key = _signed(gp)
    first = add_to_note(gp, patient="kari", note=key, kind="addendum", text="Ringt")
    assert add_to_note(gp, patient="kari", note=key, kind="addendum", text="Ringt ") == first


def test_locked_note_is_added_to_by_who_signed_it_alone(gp: Session) -> None:
    key, version = _draft(gp)
    sign_note(gp, patient="kari", note=key, seen=version, shown=Shown.NORMAL, lock=True)
    with pytest.raises(NoteRefused) as refused:
        add_to_note(staff("other"), patient="kari", note=key, kind="addendum", text="Ringt")
    assert refused.value.why is Why.LOCKED
    add_to_note(gp, patient="kari", note=key, kind="addendum", text="Ringt")


def test_draft_is_not_added_to(gp: Session) -> None:
    key, _ = _draft(gp)
    with pytest.raises(NoteRefused) as refused:
        add_to_note(gp, patient="kari", note=key, kind="addendum", text="Ringt")
    assert refused.value.why is Why.NOT_SIGNED


def test_draft_is_given_up_by_who_began_it_and_leaves_all_lists(gp: Session) -> None:
    key, _ = _draft(gp)
    with pytest.raises(NoteRefused):
        discard_note(staff("other"), patient="kari", note=key)
    discard_note(gp, patient="kari", note=key)
    assert notes_of(gp, "kari") == ()
    assert unsigned_notes(gp) == ()
    with pytest.raises(NotFound):
        note(gp, "kari", key)


def test_unsigned_notes_are_listed_oldest_first_with_their_age(gp: Session) -> None:
    """L9: the list counts what it shows, and says what waits too long."""
    with clock.at(MONDAY):
        old, _ = _draft(gp, "Gammel")
    with clock.at(MONDAY + timedelta(days=2, hours=1)):
        new, _ = _draft(gp, "Ny", patient="ola")
        rows = unsigned_notes(gp)
    assert [row.note for row in rows] == [old, new]
    assert [(row.waits_days, row.is_late) for row in rows] == [(2, True), (0, False)]
    assert [row.beginning for row in rows] == ["Gammel", "Ny"]
    assert unsigned_notes(staff("other")) == ()


def test_who_owes_a_signature_reaches_her_draft_when_nothing_else_ties_her_to_the_patient(
    gp: Session,
) -> None:
    """INV-50: a draft is not lost to its author when the patient changes doctor."""
    key, version = _draft(gp)
    register("kari", "Practitioner/other")
    again = staff("gp")
    assert [row.note for row in unsigned_notes(again)] == [key]
    sign_note(again, patient="kari", note=key, seen=version, shown=Shown.NORMAL)
    with pytest.raises(FhirError):
        note(staff("gp"), "kari", key)


def test_signing_and_adding_are_told_with_ids_alone(gp: Session, told: None) -> None:
    del told
    key = _signed(gp)
    add_to_note(gp, patient="kari", note=key, kind="addendum", text="Ringt")
    facts = {"patient": "Patient/kari", "note": f"Composition/{key}"}
    assert _messages() == [
        ("note-signed", "Patient/kari", facts),
        ("note-amended", "Patient/kari", facts),
    ]


def test_inv_51_note_task_log_and_message_stand_or_fall_together(
    gp: Session, told: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del told
    key, version = _draft(gp)

    def counted() -> list[object]:
        row = connection().execute(
            "select (select count(*) from store.version), (select count(*) from outbox.message)"
        ).fetchone()  # fmt: skip
        return list(row or ())

    before = counted()

    def broken(*_events: object) -> None:
        raise RuntimeError("the machine stops here")

    with monkeypatch.context() as patched:
        patched.setattr("fellesjournal.access.acts.publish", broken)
        with pytest.raises(RuntimeError):
            sign_note(gp, patient="kari", note=key, seen=version, shown=Shown.NORMAL)
    assert counted() == before
    assert note(gp, "kari", key).is_draft
    assert len(unsigned_notes(gp)) == 1
    sign_note(gp, patient="kari", note=key, seen=version, shown=Shown.NORMAL)
    assert counted() == [before[0] + 2, before[1] + 1]  # type: ignore[operator]  # counts


@pytest.mark.parametrize(
    ("born", "preset", "offered"),
    [
        (date(1950, 4, 1), Shown.NORMAL, {Shown.NOT_PARENTS: False, Shown.NOT_YOUTH: False}),
        (date(2020, 4, 1), Shown.NORMAL, {Shown.NOT_PARENTS: True, Shown.NOT_YOUTH: False}),
        (date(2014, 5, 4), None, {Shown.NOT_PARENTS: True, Shown.NOT_YOUTH: True}),
        (date(2014, 5, 5), Shown.NORMAL, {Shown.NOT_PARENTS: True, Shown.NOT_YOUTH: False}),
        (date(2010, 5, 5), None, {Shown.NEITHER: True}),
        (date(2010, 5, 4), Shown.NORMAL, {Shown.NEITHER: False}),
        (None, None, {Shown.NOT_PARENTS: True, Shown.NOT_YOUTH: True}),
    ],
)
def test_from_twelve_to_fifteen_somebody_must_choose_who_reads(
    born: date | None, preset: Shown | None, offered: dict[Shown, bool]
) -> None:
    found = choices(born, MONDAY)
    assert found.preset is preset
    assert {shown: shown in found.allowed for shown in offered} == offered


def test_what_is_not_shown_says_who_decided_why_and_until_when(gp: Session) -> None:
    key, version = _draft(gp)
    with clock.at(MONDAY):
        sign_note(
            gp,
            patient="kari",
            note=key,
            seen=version,
            shown=Shown.AFTER_TALK,
            reason="Svaret først",
        )
    data, _ = acts.read(SYSTEM, "Composition", key)
    (label,) = data["meta"]["security"]
    (details,) = [each for each in label["extension"] if each["url"] == LABEL_DETAILS]
    said = {
        each["url"]: next(value for name, value in each.items() if name.startswith("value"))
        for each in details["extension"]
    }
    assert label["code"] == "NORN_FPB"
    assert said["author"] == said["owner"] == {"reference": "Practitioner/gp"}
    assert said["reason"] == "Svaret først"
    assert said["until"].startswith("2026-05-18")


def test_inv_8_a_note_that_is_begun_again_by_the_same_form_is_one(gp: Session) -> None:
    first = begin_note(gp, patient="kari", form="one")
    save_note(gp, patient="kari", note=first, typed={"reason": Typed("Hodepine", "")})
    assert begin_note(gp, patient="kari", form="one") == first
    second = begin_note(gp, patient="kari", form="two")
    assert second != first
    assert begin_note(gp, patient="kari", form="one") == first  # not the empty one
    assert len(notes_of(gp, "kari")) == 2


def test_inv_8_a_late_copy_of_a_form_that_took_up_a_draft_begins_none(gp: Session) -> None:
    taken_up = begin_note(gp, patient="kari", form="one")
    assert begin_note(gp, patient="kari", form="two") == taken_up
    save_note(gp, patient="kari", note=taken_up, typed={"reason": Typed("Hodepine", "")})
    with pytest.raises(RefusedBefore):
        begin_note(gp, patient="kari", form="two")


@pytest.mark.django_db(transaction=True)
def test_inv_8_two_forms_of_one_author_at_once_begin_one_note(empty_record: None) -> None:
    del empty_record
    employ("gp")
    register("kari", "Practitioner/gp")

    def begin(number: int) -> str:
        try:
            return begin_note(staff("gp"), patient="kari", form=f"form {number}")
        finally:
            django_connection.close()

    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(begin, range(6)))) == 1
    assert len(notes_of(staff("gp"), "kari")) == 1
