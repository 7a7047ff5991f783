"""What HelsaMi shows of a labelled resource, to the citizen and to those who act for her."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.access import visibility_codes
from fellesjournal.access.labels import DELAYED, Label
from fellesjournal.access.representation import ages
from fellesjournal.access.representation.rules import Band, Code, Representation
from fellesjournal.access.visibility_codes import View, masks, view_of, view_of_self

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
SELF = {View.SELF_ADULT, View.YOUTH_16, View.YOUTH_UNDER_16}
PARENTS = {View.PARENT_FULL, View.PARENT_REDUCED}
ADULTS = {View.SELF_ADULT, View.YOUTH_16, View.GUARDIAN, View.ATTORNEY}
ALL = set(View)

# Who sees a resource that bears one label and nothing else (norway.md section 11).
SEEN_BY: dict[Label, set[View]] = {
    Label.NORMAL: ALL,
    Label.NORN_FFL: set(),
    Label.NORN_KUT: set(),
    Label.NORN_EPO: set(),
    Label.NORN_ALL: set(),
    Label.NORN_FOR: set(),
    Label.NORN_FFH: set(),
    Label.NORN_FPB: set(),
    Label.NORN_DUP: set(),
    Label.NORN_ANG: set(),
    Label.NORU: set(),
    Label.UNKNOWN_VISIBILITY: set(),
    Label.NORN_FORANS: ALL - PARENTS,
    Label.NORN_UNGDOM: ALL - {View.YOUTH_UNDER_16},
    Label.NORS: ALL - {View.PARENT_REDUCED},
}


@pytest.mark.parametrize("label", list(SEEN_BY), ids=lambda label: label.name)
def test_each_code_hides_from_whom_the_list_says(label: Label) -> None:
    assert {view for view in View if masks(view).shows(int(label))} == SEEN_BY[label]


def test_every_visibility_code_is_decided_for() -> None:
    codes = {label for label in Label if label >= Label.NORMAL} - {Label.REVIEW, Label.NOT_SIGNED}

    assert codes == set(SEEN_BY)


def test_what_has_no_label_is_shown_to_all_but_the_parents_of_a_youth() -> None:
    assert {view for view in View if masks(view).shows(0)} == ALL - {View.PARENT_REDUCED}


@given(st.integers(0, 2 * int(max(Label)) - 1))
def test_nobody_who_acts_for_an_adult_sees_more_than_she_does(labels: int) -> None:
    own = masks(View.SELF_ADULT).shows(labels)

    assert own or not masks(View.ATTORNEY).shows(labels)
    assert own or not masks(View.GUARDIAN).shows(labels)


@given(st.integers(0, 2 * int(max(Label)) - 1))
def test_parents_of_a_youth_see_no_more_than_parents_of_a_child(labels: int) -> None:
    assert masks(View.PARENT_FULL).shows(labels) or not masks(View.PARENT_REDUCED).shows(labels)


@given(st.sampled_from(list(View)), st.integers(0, 2 * int(max(Label)) - 1), st.sampled_from(Label))
def test_another_hiding_label_never_shows_what_was_hidden(
    view: View, labels: int, more: Label
) -> None:
    hides = masks(view).hidden & more

    assert not hides or not masks(view).shows(labels | more)


@pytest.mark.parametrize("label", [Label.NORU, Label.NORN_FPB])
@pytest.mark.parametrize("view", [view for view in View if view is not View.PARENT_REDUCED])
def test_what_is_delayed_is_shown_once_its_release_takes_the_label_away(
    label: Label, view: View
) -> None:
    held = masks(view)

    assert held.released == int(DELAYED)
    assert not held.shows(int(label))
    assert held.shows(int(label) & ~held.released)


@pytest.mark.parametrize(
    ("years", "before", "after"),
    [
        (16, View.YOUTH_UNDER_16, View.YOUTH_16),
        (18, View.YOUTH_16, View.SELF_ADULT),
    ],
)
@given(birth=st.dates(date(1950, 1, 1), date(2080, 12, 31)))
def test_the_view_of_oneself_changes_at_midnight_of_the_birthday(
    birth: date, years: int, before: View, after: View
) -> None:
    at = ages.turns(birth, years)

    assert view_of_self(birth, at - MOMENT) is before
    assert view_of_self(birth, at) is after


def test_who_has_no_known_age_sees_as_the_youngest() -> None:
    assert view_of_self(None, NOW) is View.YOUTH_UNDER_16
    assert view_of_self(date(2027, 1, 1), NOW) is View.YOUTH_UNDER_16


@pytest.mark.parametrize(
    ("code", "band", "of_minor", "view"),
    [
        (Code.PARENT, Band.FULL, True, View.PARENT_FULL),
        (Code.PARENT, Band.REDUCED, True, View.PARENT_REDUCED),
        (Code.GUARDIAN, Band.FULL, True, View.PARENT_FULL),
        (Code.GUARDIAN, Band.REDUCED, True, View.PARENT_REDUCED),
        (Code.GUARDIAN, Band.FULL, False, View.GUARDIAN),
        (Code.ATTORNEY, Band.FULL, False, View.ATTORNEY),
        (Code.ASSIGNED, Band.FULL, False, View.GUARDIAN),
    ],
)
def test_who_acts_has_the_view_of_her_code(
    code: Code, band: Band, *, of_minor: bool, view: View
) -> None:
    found = Representation(code, 1, 2, band, 1, None, ())

    assert view_of(found, of_minor=of_minor) is view
    if code is Code.PARENT:
        assert view_of(replace(found, band=Band.REDUCED), of_minor=of_minor) is View.PARENT_REDUCED


def test_one_document_of_the_kind_all_hides_the_whole_record() -> None:
    assert visibility_codes.WHOLE_RECORD == Label.NORN_ALL
    assert visibility_codes.FOR_STAFF_ONLY == Label.NORS
