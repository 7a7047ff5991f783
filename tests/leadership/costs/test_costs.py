"""Costs: the figures of Røros, the bands, versions, shares, delays, and laws of money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.costs import fixtures
from fellesjournal.leadership.costs.allocation import (
    AllocationKey,
    KeyKind,
    Weight,
    allocated,
    in_whole_kroner,
    whole_of,
)
from fellesjournal.leadership.costs.assumptions import ASSUMED, Assumptions
from fellesjournal.leadership.costs.breakeven import (
    annuity_factor,
    break_even,
    gap,
    net_undiscounted,
)
from fellesjournal.leadership.costs.delays import (
    Rates,
    by_year,
    delay,
    months_between,
    priced,
    share_before,
)
from fellesjournal.leadership.costs.lines import (
    CLARIFICATIONS,
    CostLine,
    CostModel,
    Kind,
    MixedPrices,
    Range,
    Reading,
    Scope,
    by_phase,
    total,
)
from fellesjournal.leadership.costs.local import (
    Part,
    annual_operation,
    bounds,
    double_operation,
    from_one_off,
    split,
)
from fellesjournal.leadership.costs.simulation import bands, drawn, quantile
from fellesjournal.leadership.costs.versions import (
    At,
    Difference,
    EstimatePoint,
    compared,
    developments,
)
from fellesjournal.leadership.figures.ratios import change
from fellesjournal.leadership.figures.rounding import rounded

ROROS = fixtures.roros()
ONCE = ROROS.investment + ROROS.one_off
MORE = ROROS.annual_operation - ROROS.annual_legacy
MONEY = st.integers(-(10**9), 10**9)


def line(name: str, amount: int = 100, kind: Kind = Kind.ONE_OFF, year: int = 2022) -> CostLine:
    return CostLine(name, kind, Scope.LOCAL, Decimal(amount), year)


# --- vectors


def test_v_cost_annual_cost_is_more_by_200_764() -> None:
    assert Decimal(200_764) == MORE
    more = change(int(ROROS.annual_operation), int(ROROS.annual_legacy))
    assert rounded(float(more) * 100, 2) == Decimal("16.73")


def test_v_cost_double_operation_is_900_000() -> None:
    double = double_operation(ROROS.annual_legacy)
    assert double == 900_000
    assert rounded(double / Fraction(ROROS.one_off) * 100, 1) == Decimal("17.1")


def test_v_cost_the_local_cost_is_only_bounded_and_investment_stays_unexplained() -> None:
    inside, outside = bounds(
        one_off=ROROS.one_off,
        parts=[Part("double-operation", Decimal(900_000))],
        investment=ROROS.investment,
        explained=ROROS.invoiced,
    )
    assert inside.outside == ()
    assert rounded(inside.local_at_most.whole) == 5_533_684
    assert rounded(inside.local_at_most.investment) == 276_684
    assert rounded(inside.unexplained_at_least) == 1_968_316
    assert outside.outside == ("double-operation",)
    assert rounded(outside.local_at_most.whole) == 4_586_316


def test_a_part_that_is_known_to_lie_inside_or_outside_leaves_one_reading() -> None:
    for reading, whole in ((Reading.INSIDE, 5_533_684), (Reading.OUTSIDE, 4_586_316)):
        (only,) = bounds(
            one_off=ROROS.one_off,
            parts=[Part("double-operation", Decimal(900_000), reading)],
            investment=ROROS.investment,
            explained=ROROS.invoiced,
        )
        assert rounded(only.local_at_most.whole) == whole
    with pytest.raises(ValueError, match="more than the one-off"):
        bounds(
            one_off=Decimal(1),
            parts=[Part("x", Decimal(2))],
            investment=Decimal(1),
            explained=Decimal(0),
        )


def test_v_cost_all_shares_from_a_rounded_percentage() -> None:
    found = whole_of(ROROS.shares, ROROS.share_percent)
    assert rounded(found.stated) == 2952
    assert (found.low, found.high) == (2939, 2966)


def test_v_cost_ten_years_undiscounted_against_today() -> None:
    assert net_undiscounted(once=ONCE, annual_change=MORE, years=10) == 23_309_640


def test_break_even_of_roros() -> None:
    found = break_even(once=ONCE, annual_change=MORE)
    assert found.once == 21_302_000
    assert rounded(found.factor, 6) == Decimal("8.110896")
    assert rounded(found.spread) == 2_626_344
    assert rounded(found.yearly) == 2_827_108
    assert rounded(found.hours) == 4349
    assert rounded(found.full_time, 2) == Decimal("2.49")
    plain = break_even(once=ONCE, annual_change=MORE, discounted=False)
    assert rounded(plain.full_time, 2) == Decimal("2.05")


def test_v_pkg_support_to_the_hospital() -> None:
    found = fixtures.sum_between(ROROS.trust_package)
    assert found.low == 295_000_000
    assert found.high == 320_000_000
    assert ROROS.owned_by_rhf_percent == 60


def test_the_model_of_roros_adds_up_to_what_was_published() -> None:
    model = ROROS.model
    assert total(model.of(Kind.INVESTMENT)) == ROROS.investment == 16_045_000
    assert total(model.of(Kind.ONE_OFF)) == ROROS.one_off == 5_257_000
    assert total(model.of(Kind.ANNUAL)) == ROROS.annual_operation == 1_400_764
    assert model.legacy_annual == ROROS.annual_legacy == 1_200_000
    assert model.open_clarifications == CLARIFICATIONS


# --- local cost


@given(MONEY)
def test_a_local_cost_is_split_5_and_95_and_found_again(amount: int) -> None:
    parts = split(amount)
    assert parts.whole == amount
    assert parts.investment * 19 == parts.one_off
    assert from_one_off(parts.one_off) == parts


def test_annual_cost_is_the_agreement_and_the_platform() -> None:
    assert annual_operation(Decimal("1000.50"), 200) == Fraction(2401, 2)
    with pytest.raises(ValueError, match="not negative"):
        double_operation(100, -1)


# --- lines and ranges


def test_prices_of_two_years_are_not_added() -> None:
    with pytest.raises(MixedPrices):
        total([line("a"), line("b", year=2023)])
    assert total([]) == 0


def test_a_line_has_its_own_range_or_the_assumed_one_or_none_when_it_was_paid() -> None:
    plain = line("a", 1000)
    assert plain.range() == Range(Decimal(900), Decimal(1000), Decimal(1300))
    assert not plain.has_own_range
    own = replace(plain, low=Decimal(800), high=Decimal(2000))
    assert own.range() == Range(Decimal(800), Decimal(1000), Decimal(2000))
    assert replace(plain, settled=True).range().is_certain
    saving = line("b", -1000).range()
    assert saving.low == -1300
    assert saving.high == -900


@pytest.mark.parametrize(
    "change",
    [
        {"low": Decimal(50)},
        {"low": Decimal(150), "high": Decimal(200)},
        {"low": Decimal(50), "high": Decimal(99)},
        {"low": Decimal(50), "high": Decimal(200), "settled": True},
    ],
)
def test_an_impossible_range_is_refused(change: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match="range"):
        replace(line("a"), **change)  # type: ignore[arg-type] # fields by name


def test_a_new_model_is_open_about_shared_and_first_mover_costs() -> None:
    model = CostModel("1", date(2022, 1, 1), (line("a"),))
    assert model.open_clarifications == ("shared costs", "first-mover costs")
    with pytest.raises(ValueError, match="more than one line a"):
        replace(model, lines=(line("a"), line("a")))


def test_lines_stand_by_phase_in_their_order() -> None:
    lines = [replace(line(n), phase=p) for n, p in (("a", "x"), ("b", "y"), ("c", "x"))]
    assert {k: [each.id for each in v] for k, v in by_phase(lines).items()} == {
        "x": ["a", "c"],
        "y": ["b"],
    }


# --- simulation


def test_the_same_seed_gives_the_same_bands_in_any_order_and_another_seed_others() -> None:
    lines = ROROS.model.of(Kind.INVESTMENT, Kind.ONE_OFF)
    first = bands(lines)
    assert bands(lines[::-1]) == first
    assert first.seed == ASSUMED.seed
    other = bands(lines, replace(ASSUMED, seed="another"))
    assert other.p50 != first.p50
    assert other.p50 == pytest.approx(first.p50, rel=0.002)
    assert other.p85 == pytest.approx(first.p85, rel=0.002)


def test_the_bands_of_roros_lie_in_order_and_name_what_was_assumed() -> None:
    found = bands(ROROS.model.of(Kind.INVESTMENT, Kind.ONE_OFF))
    assert found.stated == 21_302_000
    assert float(found.low) < found.p50 < found.p85 < found.all_alike_p85 < float(found.high)
    assert found.assumed_lines == ("double-operation", "investment-not-invoiced", "one-off-rest")


def test_one_line_has_the_quantiles_of_its_triangle() -> None:
    one = replace(line("a", 100), low=Decimal(0), high=Decimal(200))
    found = bands([one])
    assert found.p50 == pytest.approx(100, abs=1.5)
    assert found.p85 == pytest.approx(200 - (0.15 * 200 * 100) ** 0.5, abs=1.5)
    assert drawn(one.range(), 0.5) == 100
    assert drawn(one.range(), 0.85) == pytest.approx(found.all_alike_p85)


@given(
    st.integers(-(10**6), 10**6),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_draw_lies_in_its_range_and_rises_with_chance(
    low: int, up: int, more: int, first: float, second: float
) -> None:
    span = Range(Decimal(low), Decimal(low + up), Decimal(low + up + more))
    small, large = sorted((first, second))
    assert low - 1e-6 <= drawn(span, small) <= drawn(span, large) + 1e-6
    assert drawn(span, large) <= low + up + more + 1e-6


def test_certain_lines_have_no_band_and_no_lines_cost_nothing() -> None:
    sure = bands([replace(line("a"), settled=True)])
    assert (sure.p50, sure.p85, sure.assumed_lines) == (100, 100, ())
    nothing = bands([])
    assert nothing.stated == 0
    assert nothing.p50 == nothing.p85 == 0


def test_the_nearest_rank_of_ordered_values() -> None:
    assert quantile([1, 2, 3, 4], 0.5) == 2
    assert quantile([1, 2, 3, 4], 0.51) == 3
    assert quantile([7], 0.0) == 7


# --- versions and estimates


def test_two_versions_side_by_side() -> None:
    before = CostModel("1", date(2022, 1, 1), (line("a"), line("b"), line("c")))
    after = CostModel(
        "2",
        date(2022, 6, 1),
        (line("d", 30), line("a", 150), replace(line("b"), kind=Kind.ANNUAL)),
        open_clarifications=("shared costs", "VAT"),
    )
    found = compared(before, after)
    assert [(each.id, each.what, int(each.amount)) for each in found.lines] == [
        ("d", Difference.ADDED, 30),
        ("a", Difference.CHANGED, 50),
        ("b", Difference.CHANGED, 0),
        ("c", Difference.REMOVED, -100),
    ]
    assert (found.cleared, found.opened) == (("first-mover costs",), ("VAT",))
    assert found.amount(Kind.ONE_OFF) == -120
    assert found.amount(Kind.ANNUAL) == 100
    assert {each.what for each in compared(before, before).lines} == {Difference.SAME}


@given(st.lists(MONEY, max_size=6), st.lists(MONEY, max_size=6))
def test_differences_of_lines_add_up_to_the_difference_of_totals(
    old: list[int], new: list[int]
) -> None:
    first = CostModel("1", date(2022, 1, 1), tuple(line(str(n), m) for n, m in enumerate(old)))
    second = replace(first, version="2", lines=tuple(line(str(n), m) for n, m in enumerate(new)))
    found = compared(first, second)
    assert sum(each.amount for each in found.lines) == sum(new) - sum(old)
    assert sum(found.amount(kind) for kind in Kind) == sum(new) - sum(old)


def test_an_estimate_is_followed_from_the_decision_to_what_was_paid() -> None:
    points = [
        EstimatePoint("training", At.ACTUAL, Decimal(130)),
        EstimatePoint("training", At.DECISION, Decimal(100)),
        EstimatePoint("licence", At.DECISION, Decimal(0)),
    ]
    training, licence = developments(points)
    assert [point.at for point in training.points] == [At.DECISION, At.ACTUAL]
    assert training.growth.value == Fraction(3, 10)
    assert training.missing == (At.REPORT_13M, At.GO_LIVE)
    assert licence.growth.value is None
    with pytest.raises(ValueError, match="two values"):
        developments([points[0], points[0]])


# --- shares


@given(
    st.integers(-(10**9), 10**9),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any),
)
def test_nothing_is_lost_when_a_cost_is_shared(amount: int, weights: list[int]) -> None:
    key = AllocationKey(
        KeyKind.POPULATION, tuple(Weight(str(n), Decimal(w)) for n, w in enumerate(weights))
    )
    exact, whole = allocated(amount, key), in_whole_kroner(amount, key)
    assert sum(exact.values()) == sum(whole.values()) == amount
    assert all(abs(exact[actor] - whole[actor]) < 1 for actor in exact)


@pytest.mark.parametrize("weights", [(), (("a", 0),), (("a", 1), ("a", 2)), (("a", -1), ("b", 2))])
def test_an_impossible_key_is_refused(weights: tuple[tuple[str, int], ...]) -> None:
    with pytest.raises(ValueError, match="weight"):
        AllocationKey(KeyKind.SHARES, tuple(Weight(a, Decimal(w)) for a, w in weights))


@given(st.integers(1, 500), st.integers(501, 100_000))
def test_the_true_number_of_shares_is_in_the_interval(part: int, whole: int) -> None:
    percent = rounded(Fraction(part * 100, whole), 2)
    if percent * 2 > Decimal("0.01"):
        found = whole_of(part, percent)
        assert found.low <= whole <= found.high


@pytest.mark.parametrize("percent", ["0", "-1", "NaN"])
def test_a_percentage_of_nothing_is_refused(percent: str) -> None:
    with pytest.raises(ValueError, match="percent"):
        whole_of(1, Decimal(percent))


# --- break-even


@given(st.integers(1, 40), st.decimals(0, "0.2", places=3))
def test_an_annuity_is_the_sum_of_its_discounted_years(years: int, rate: Decimal) -> None:
    each = [1 / (1 + Fraction(rate)) ** year for year in range(1, years + 1)]
    assert annuity_factor(rate, years) == sum(each)


def test_the_gap_to_the_benefits_plan_is_unknown_while_nobody_planned() -> None:
    target = break_even(once=ONCE, annual_change=MORE)
    found = gap(target, planned=4000, attained=None)
    assert found.plan_short_by is not None
    assert rounded(found.plan_short_by) == 349
    assert found.short_by is None
    with pytest.raises(ValueError, match="has years"):
        annuity_factor(Decimal("0.04"), 0)


# --- delays


RATES = Rates(project=Decimal(600_000), legacy=Decimal(1_200_000), operation=Decimal(1_400_764))


def test_half_a_year_later_costs_the_project_and_the_old_systems_less_the_new_operation() -> None:
    found = delay(RATES, date(2022, 11, 12), date(2023, 5, 12))
    assert [each.id for each in found.lines] == ["project", "legacy", "operation"]
    assert [int(each.amount or 0) for each in found.lines] == [300_000, 600_000, -700_382]
    assert found.known == 199_618
    assert found.missing == ()


def test_what_nobody_stated_is_named_and_not_counted() -> None:
    found = delay(replace(RATES, project=None), date(2022, 11, 12), date(2023, 5, 12))
    assert found.missing == ("project",)
    assert found.known == -100_382


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_going_there_and_back_costs_nothing(first: date, second: date) -> None:
    there, back = delay(RATES, first, second), delay(RATES, second, first)
    assert there.known == -back.known
    assert months_between(first, first) == 0
    assert abs(months_between(first, second) - Fraction((second - first).days, 30)) < 12


@given(st.dates(date(2020, 1, 1), date(2026, 12, 31)))
def test_what_is_paid_over_the_years_depends_on_go_live_by_the_price_of_the_delay(
    after: date,
) -> None:
    model, before, years = ROROS.model, date(2022, 11, 12), range(2019, 2031)
    spent = sum(by_year(model, after, years).values()) - sum(by_year(model, before, years).values())
    rates = Rates(Decimal(0), model.legacy_annual, total(model.of(Kind.ANNUAL)))
    # months have 28 to 31 days, so the two ways to count part months differ by a few days
    assert abs(spent - delay(rates, before, after).known) <= (1_200_000 + 1_400_764) * Fraction(
        3, 365
    )


def test_the_money_falls_in_the_year_of_go_live_and_moves_with_it() -> None:
    model = ROROS.model
    early, late = (
        by_year(model, day, range(2022, 2025)) for day in (date(2022, 12, 1), date(2023, 4, 1))
    )
    invoiced, ahead, operation = 13_800_000, 7_502_000, Fraction(1_400_764)
    assert early[2022] == invoiced + ahead + operation / 12 + 1_100_000
    assert early[2023] == early[2024] == operation
    assert late[2022] == invoiced + 1_200_000  # what was paid does not move
    assert late[2023] == ahead + operation * 9 / 12 + 300_000
    assert late[2024] == operation


def test_double_operation_is_counted_once() -> None:
    spent = by_year(ROROS.model, date(2023, 1, 1), range(2022, 2025))
    once = total(ROROS.model.of(Kind.INVESTMENT, Kind.ONE_OFF))
    assert spent[2022] + spent[2023] == Fraction(once) + 1_200_000 + 1_400_764
    assert spent[2024] == 1_400_764


def test_money_of_an_organisation_without_a_model_is_all_missing() -> None:
    found = priced(None, date(2022, 11, 12), date(2023, 5, 12))
    assert found.delay.missing == ("project", "legacy", "operation")
    assert found.delay.known == 0
    assert found.years == ()


def test_the_price_of_a_move_covers_the_years_from_the_earlier_to_after_the_later() -> None:
    for days in ((date(2022, 11, 12), date(2023, 5, 12)), (date(2023, 5, 12), date(2022, 11, 12))):
        assert [year for year, _, _ in priced(ROROS.model, *days).years] == [2022, 2023, 2024]


def test_the_share_of_a_year_before_a_day() -> None:
    assert share_before(2022, date(2022, 7, 1)) == Fraction(1, 2)
    assert share_before(2022, date(2022, 1, 1)) == 0
    assert share_before(2022, date(2023, 1, 1)) == 1
    assert share_before(2022, date(2021, 12, 31)) == 0


# --- settings and storage


@pytest.mark.parametrize("change", [{"horizon_years": 0}, {"draws": 1}, {"low": Decimal(2)}])
def test_impossible_settings_are_refused(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"a range|a rate"):
        replace(ASSUMED, **change)  # type: ignore[arg-type] # fields by name


@pytest.mark.parametrize(
    ("whole", "shape"),
    [
        (ROROS, fixtures.Municipality),
        (fixtures.grant(), fixtures.Grant),
        (ASSUMED, Assumptions),
    ],
)
def test_entities_come_back_from_a_body_as_they_were(whole: object, shape: type[object]) -> None:
    assert msgspec.json.decode(msgspec.json.encode(whole), type=shape) == whole
    assert msgspec.convert(msgspec.to_builtins(whole), shape, strict=False) == whole
