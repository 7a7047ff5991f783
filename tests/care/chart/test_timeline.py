"""Everything that happened, on one axis."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from fellesjournal.care.chart.timeline import (
    Event,
    Kind,
    Setting,
    coming,
    events,
    filtered,
)


def _encounter(key: str, day: str, **members: Any) -> dict[str, Any]:
    return {"id": key, "status": "finished", "period": {"start": day}, **members}


def _note(key: str, day: str, encounter: str) -> dict[str, Any]:
    context = {"encounter": [{"reference": f"Encounter/{encounter}"}]}
    return {"id": key, "date": day, "type": {"text": "Note"}, "context": context}


@pytest.mark.parametrize(
    ("members", "setting"),
    [
        ({"type": [{"coding": [{"code": "gp-phone"}]}], "class": {"code": "VR"}}, Setting.GP),
        ({"type": [{"coding": [{"code": "emergency-admission"}]}]}, Setting.HOSPITAL),
        ({"class": {"code": "IMP"}}, Setting.HOSPITAL),
        ({"class": {"code": "HH"}}, Setting.HOME_CARE),
        ({"class": {"code": "??"}}, Setting.OTHER),
        ({}, Setting.OTHER),
    ],
)
def test_setting_comes_from_our_types_or_the_standard_classes(
    members: dict[str, Any], setting: Setting
) -> None:
    (event,) = events({"Encounter": [_encounter("1", "2024-01-01", **members)]}, {})
    assert event.setting is setting


def test_note_takes_the_setting_of_its_encounter() -> None:
    found = events(
        {
            "Encounter": [_encounter("1", "2024-01-01", **{"class": {"code": "IMP"}})],
            "DocumentReference": [_note("2", "2024-01-02", "1")],
        },
        {},
    )
    assert [(e.kind, e.setting) for e in found] == [
        (Kind.DOCUMENT, Setting.HOSPITAL),
        (Kind.ENCOUNTER, Setting.HOSPITAL),
    ]


def _visit_with_note() -> tuple[Event, ...]:
    return events(
        {
            "Encounter": [
                _encounter("1", "2024-01-01", **{"class": {"code": "IMP"}}),
                _encounter("3", "2023-01-01", **{"class": {"code": "HH"}}),
            ],
            "DocumentReference": [_note("2", "2024-01-02", "1"), _note("4", "2022", "unknown")],
        },
        {},
    )


def test_what_belongs_to_a_visit_is_shown_under_it() -> None:
    timeline = filtered(_visit_with_note(), kind=None, setting=None, limit=10)
    assert [(e.kind, [p.document_id for p in e.parts]) for e in timeline.events] == [
        (Kind.ENCOUNTER, ["2"]),
        (Kind.ENCOUNTER, []),
        (Kind.DOCUMENT, []),
    ]


def test_filter_by_kind_shows_the_documents_themselves() -> None:
    timeline = filtered(_visit_with_note(), kind=Kind.DOCUMENT, setting=None, limit=10)
    assert [e.document_id for e in timeline.events] == ["2", "4"]
    assert dict(timeline.settings) == {Setting.HOSPITAL: 1, Setting.OTHER: 1}


def test_filter_by_setting_counts_the_kinds_left() -> None:
    timeline = filtered(_visit_with_note(), kind=None, setting=Setting.HOSPITAL, limit=10)
    assert dict(timeline.kinds) == {Kind.ENCOUNTER: 1, Kind.DOCUMENT: 1}


def test_limit_cuts_but_the_total_says_how_many_there_are() -> None:
    timeline = filtered(_visit_with_note(), kind=None, setting=None, limit=1)
    assert len(timeline.events) == 1
    assert timeline.total == 3


def test_mistaken_and_cancelled_events_did_not_happen() -> None:
    found = events({"Encounter": [_encounter("1", "2024", status="entered-in-error")]}, {})
    assert found == ()


def test_kept_appointment_is_told_by_its_encounter_a_missed_one_by_itself() -> None:
    kept = {"status": "fulfilled", "start": "2024-01-01T10:00:00Z"}
    missed = {"status": "noshow", "start": "2024-02-01T10:00:00Z"}
    (event,) = events({"Appointment": [kept, missed]}, {})
    assert event.status == "noshow"


def test_the_appointments_ahead_come_nearest_first_and_those_past_not_at_all() -> None:
    booked = [{"status": "booked", "start": f"2024-0{month}-01T10:00:00Z", "description": str(month)}
              for month in (5, 1, 3, 4)]  # fmt: skip
    found = events({"Appointment": booked, "Encounter": [_encounter("1", "2024-04-01")]}, {})
    ahead = coming(found, datetime(2024, 2, 1, tzinfo=UTC))
    assert [event.at.at.month for event in ahead if event.at] == [3, 4, 5]


def test_names_without_display_come_from_the_directory() -> None:
    encounter = _encounter("1", "2024", serviceProvider={"reference": "Organization/9"})
    (event,) = events({"Encounter": [encounter]}, {"Organization/9": "Heywood Hospital"})
    assert event.place == "Heywood Hospital"


def _home_visit(key: str, day: str, **members: Any) -> dict[str, Any]:
    kind = {"type": [{"coding": [{"code": "home-care"}], "text": "Home visit"}]}
    return _encounter(key, day, **kind, **members)


def test_daily_visits_alike_are_one_line_that_keeps_their_notes() -> None:
    found = events(
        {
            "Encounter": [
                _home_visit("1", "2024-03-03"),
                _home_visit("2", "2024-03-04"),
                _home_visit("3", "2024-03-06"),
                _encounter("4", "2024-03-05", **{"class": {"code": "IMP"}}),
                _home_visit("5", "2024-02-28"),
            ],
            "DocumentReference": [_note("n", "2024-03-03", "1")],
        },
        {},
    )
    timeline = filtered(found, kind=None, setting=None, limit=10)
    assert [(e.setting, e.times, len(e.parts)) for e in timeline.events] == [
        (Setting.HOME_CARE, 1, 0),
        (Setting.HOSPITAL, 1, 0),
        (Setting.HOME_CARE, 2, 1),
        (Setting.HOME_CARE, 1, 0),
    ]
    run = timeline.events[2]
    assert [m.text for m in (run.at, run.until) if m] == ["2024-03-03", "2024-03-04"]
    assert (timeline.total, timeline.more) == (5, False)


def test_a_cut_timeline_says_that_there_is_more() -> None:
    timeline = filtered(_visit_with_note(), kind=None, setting=None, limit=1)
    assert (len(timeline.events), timeline.total, timeline.more) == (1, 3, True)


def test_signed_note_stands_under_its_visit_and_a_draft_nowhere() -> None:
    note = {
        "id": "c",
        "status": "final",
        "title": "Konsultasjon",
        "date": "2024-03-01T10:20:00Z",
        "encounter": {"reference": "Encounter/1"},
        "author": [{"reference": "Practitioner/9", "display": "Ragna Lyngbakk"}],
    }
    visit = _encounter("1", "2024-03-01")
    draft = {**note, "id": "d", "status": "preliminary"}
    (event,) = events({"Encounter": [], "Composition": [note, draft]}, {})
    assert (event.kind, event.note_id, event.who) == (Kind.DOCUMENT, "c", "Ragna Lyngbakk")
    found = events({"Encounter": [visit], "Composition": [note, draft]}, {})
    (shown,) = filtered(found, kind=None, setting=None, limit=10).events
    assert [part.note_id for part in shown.parts] == ["c"]
