"""The published dashboard of Trondheim: each row of the expected verdicts, by its name."""

from __future__ import annotations

from fractions import Fraction

from fellesjournal.leadership.figures.audit.digits import Kind
from fellesjournal.leadership.figures.audit.spans import exactly
from fellesjournal.leadership.figures.audit.verdicts import Judged, Verdict, Why
from fellesjournal.leadership.figures.durations import written
from fellesjournal.leadership.figures.rounding import Mode, rounded
from fellesjournal.leadership.indicators.schedule import source
from fellesjournal.leadership.indicators.schedule.flags import Flag
from fellesjournal.leadership.indicators.schedule.tallies import Key


def by_row(found: list[Judged]) -> dict[str, Judged]:
    return {each.row: each for each in found}


def percent(given: object, places: int, mode: Mode = Mode.HALF_UP) -> float:
    assert isinstance(given, Fraction)
    return float(rounded(given, places, mode))


def test_every_duration_of_the_source_is_a_whole_number_of_five_minutes() -> None:
    tables = (source.trondheim().by_month, source.trondheim().compared, source.trondheim().unused)
    cells = [cell for table in tables for row in table.cells for cell in row]
    durations = [cell for cell in cells if cell.kind is Kind.DURATION]
    assert len(durations) == 38
    assert all(cell.value % 5 == 0 and written(int(cell.value)) == cell.text for cell in durations)


def test_day_length_is_24_hours() -> None:
    assert source.lengths_of_day() == (24,)


def test_hdm_is_may_in_six_rows() -> None:
    found = source.to_date_is_may()
    assert [each.verdict for each in found] == [Verdict.CONSISTENT] * 6


def test_change_from_last_month_is_hdm_by_last_month() -> None:
    found = by_row(source.from_last_month())
    assert found[Key.COMPLETED].given == exactly(-60)
    assert found[Key.LATE_CANCEL_TIME].given == exactly(-100)
    assert found[Key.COMPLETED].why is found[Key.LATE_CANCEL_TIME].why is Why.FITS
    lost = found[Key.NO_SHOW_TIME]
    assert lost.given == exactly((Fraction(1610, 10_155) - 1) * 100)
    assert (lost.verdict, lost.why) == (Verdict.CONSISTENT, Why.CUT_OFF)


def test_change_from_last_year_fails_for_the_month_to_date() -> None:
    found = by_row(source.from_last_year_to_date())
    completed = found[Key.COMPLETED]
    assert completed.given is not None
    assert percent(completed.given.low, 1) == -95.5
    for key in (Key.COMPLETED, Key.NO_SHOW_TIME, Key.LATE_CANCEL_TIME):
        assert found[key].verdict is Verdict.INCONSISTENT


def test_change_from_last_year_fits_the_sums_of_january_to_may() -> None:
    found = by_row(source.from_last_year_summed())
    given = {key: each.given.low for key, each in found.items() if each.given is not None}
    assert percent(given[Key.COMPLETED], 2) == -27.29
    assert percent(given[Key.NO_SHOW_TIME], 3) == -51.438
    assert percent(given[Key.LATE_CANCEL_TIME], 3) == -58.904
    assert {each.verdict for each in found.values()} == {Verdict.CONSISTENT}
    assert found[Key.NO_SHOW_TIME].why is Why.CUT_OFF


def test_whether_last_year_means_january_to_may_or_all_of_2021_is_undecidable() -> None:
    assert source.last_year_is_the_same_months() is Verdict.UNDECIDABLE


def test_clinician_utilisation_up_29_percent_is_impossible_to_date() -> None:
    found = by_row(source.from_last_year_to_date())[Key.CLINICIAN_UTILISATION]
    assert (found.shown, found.verdict) == ("29 %", Verdict.INCONSISTENT)


def test_wait_from_29_to_16_is_feasible_only_through_hidden_decimals() -> None:
    found = by_row(source.from_last_month())[Key.APPOINTMENT_WAIT]
    assert (found.shown, found.verdict) == ("-44,20 %", Verdict.UNDECIDABLE)
    assert found.why is Why.HIDDEN_DECIMALS
    assert found.given is not None
    assert (percent(found.given.low, 1), percent(found.given.high, 1)) == (-47.5, -42.1)


def test_below_one_percent_against_nought_is_an_inconsistent_rendering() -> None:
    assert source.printed_in_two_ways() is Verdict.INCONSISTENT


def test_minutes_per_unused_booking_are_stable() -> None:
    each, is_stable = source.minutes_per_booking()
    assert [percent(value, 2) for value in each] == [12.83, 12.31, 12.49, 12.83, 12.79, 12.71]
    assert is_stable


def test_like_for_like_may_fell_little() -> None:
    assert percent(source.elapsed_share() * 100, 1) == 40.7
    completed, lost = source.like(Key.COMPLETED).value, source.like(Key.NO_SHOW_TIME).value
    assert completed is not None
    assert lost is not None
    assert (percent(completed * 100, 1), percent(lost * 100, 1)) == (-1.8, -61.1)


def test_utilisation_near_one_percent_is_flagged_as_denominator_not_curated() -> None:
    assert source.flags() == (Flag.NOT_CURATED,)


def test_specialties_keep_their_flags_and_the_name_as_it_was_misspelt() -> None:
    found = {each.specialty: each for each in source.trondheim().classified}
    assert found["Kreft"].printed == "Kreit"
    assert found["Kreft"].flags == (Flag.HIGH_NO_SHOW,)
    both = (Flag.LOW_UTILISATION, Flag.HIGH_NO_SHOW)
    assert found["Akutt- og mottaksmedisin"].flags == both


def test_v_xmr_on_completed_of_the_source() -> None:
    chart, outside = source.signal()
    ends = (chart.mean, chart.moving_range, chart.low, chart.high)
    assert [round(end, 1) for end in ends] == [441.8, 120.5, 121.3, 762.3]
    assert outside == ()
