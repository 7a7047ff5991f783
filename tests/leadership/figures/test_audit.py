"""Published tables held against themselves: what printed digits may stand for, and what follows."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from operator import add, mul, sub, truediv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.figures.audit.digits import Kind, digits
from fellesjournal.leadership.figures.audit.formulas import NotAFormula, formula
from fellesjournal.leadership.figures.audit.spans import ANY, Span, exactly
from fellesjournal.leadership.figures.audit.tables import NotATable, Wrong, pasted
from fellesjournal.leadership.figures.audit.verdicts import (
    Judged,
    NotInTheTable,
    Verdict,
    Why,
    judged,
    suggested,
)
from fellesjournal.leadership.figures.rounding import Mode, rounded

_NUMBERS = st.fractions(-1000, 1000, max_denominator=500)
_OPERATIONS = {"+": add, "-": sub, "*": mul, "/": truediv}


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, Fraction]:
    """A span, and a number in it."""
    low, high = sorted((draw(_NUMBERS), draw(_NUMBERS)))
    if low == high:
        return exactly(low), low
    part = draw(st.fractions(Fraction(1, 10), Fraction(9, 10), max_denominator=20))
    return Span(low, high, draw(st.booleans()), draw(st.booleans())), low + (high - low) * part


@given(spans(), spans(), st.sampled_from(sorted(_OPERATIONS)))
def test_what_comes_of_two_numbers_is_in_what_comes_of_their_spans(
    one: tuple[Span, Fraction], two: tuple[Span, Fraction], mark: str
) -> None:
    if mark == "/" and two[1] == 0:
        return
    found = _OPERATIONS[mark](one[0], two[0])
    assert exactly(_OPERATIONS[mark](one[1], two[1])).is_within(found)


@given(_NUMBERS, st.integers(0, 3), st.sampled_from(Mode), st.booleans())
def test_what_is_printed_may_stand_for_what_it_was_rounded_from(
    value: Fraction,
    places: int,
    mode: Mode,
    has_percent: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    text = f"{rounded(value, places, mode):f}".replace(".", ",") + (" %" if has_percent else "")
    assert exactly(value).is_within(digits(text).span(mode, is_signed=True))


@pytest.mark.parametrize(
    ("text", "kind", "value", "step"),
    [
        ("135 816", Kind.NUMBER, 135_816, 1),
        ("135\N{NO-BREAK SPACE}816", Kind.NUMBER, 135_816, 1),
        ("-44,20 %", Kind.PERCENT, Fraction(-442, 10), Fraction(1, 100)),
        ("\N{MINUS SIGN}15\N{NO-BREAK SPACE}%", Kind.PERCENT, -15, 1),
        ("<1 %", Kind.PERCENT, 1, 1),
        ("1210 d 07 t 30 min", Kind.DURATION, 1_742_850, 0),
        ("0 min", Kind.DURATION, 0, 0),
        ("-", Kind.EMPTY, 0, 0),
        ("", Kind.EMPTY, 0, 0),
    ],
)
def test_a_cell_is_read_as_it_is_printed(
    text: str, kind: Kind, value: Fraction | int, step: Fraction | int
) -> None:
    found = digits(text)
    assert (found.kind, found.value, found.step) == (kind, value, step)


@pytest.mark.parametrize("text", ["12 34", "1,2,3", "about 40", "1 d 5 t 3 min", "<-1 %", "9" * 80])
def test_what_is_no_cell_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        digits(text)


def test_below_one_percent_is_from_nought_to_one() -> None:
    assert digits("<1 %").span(Mode.HALF_UP) == Span(Fraction(), Fraction(1), has_high=False)
    assert digits("1 %").span(Mode.HALF_UP) == Span(Fraction(1, 2), Fraction(3, 2), has_high=False)
    assert digits("1 %").span(Mode.TRUNC) == Span(Fraction(1), Fraction(2), has_high=False)
    with pytest.raises(ValueError, match="empty"):
        digits("-").span(Mode.TRUNC)


def test_a_division_by_what_may_be_nought_gives_no_bound() -> None:
    assert exactly(1) / Span(Fraction(-1), Fraction(1)) == ANY
    above = exactly(1) / Span(Fraction(0), Fraction(2), has_high=False)
    assert (above.low, above.high, above.has_low) == (Fraction(1, 2), None, False)


def test_a_formula_is_read_with_its_names_and_its_order() -> None:
    found = formula("[rate] = [missed] / ([missed] + [kept]) * 2 - 1")
    assert (found.of, found.names) == ("rate", ("missed", "kept"))
    known = {"missed": exactly(8), "kept": exactly(120)}
    assert found.worked_out(known) == exactly(Fraction(8, 128) * 2 - 1)


@pytest.mark.parametrize(
    "text",
    ["", "[a]", "[a] =", "a = b", "[a] = [b", "[a] = [b] +", "[a] = ([b]", "[a] = [b] [c]",
     "[a] = [b] ** 2", "[a] = import os", "[a] = " + "(" * 40 + "1", "[a] = )"],
)  # fmt: skip
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(NotAFormula):
        formula(text)


def test_a_table_is_read_between_tabs_or_semicolons() -> None:
    for mark in "\t;":
        table = pasted(f"row{mark}now{mark}now\n\nKreft{mark}1 %{mark}2 %\n".replace(";", mark))
        assert (table.columns, table.rows) == (("now", "now (2)"), ("Kreft",))
        assert table.cell("Kreft", "now (2)").value == 2


def test_each_problem_of_a_table_is_told_with_row_and_column() -> None:
    with pytest.raises(NotATable) as refused:
        pasted("row;a;\nx;1;2\nx;one;3\ny;1\n")
    assert [(each.wrong, each.row, each.column) for each in refused.value.problems] == [
        (Wrong.NAME, 1, 3), (Wrong.TWICE, 3, 1), (Wrong.NOT_READ, 3, 2), (Wrong.CELLS, 4, 0),
    ]  # fmt: skip
    for text, wrong in [("", Wrong.EMPTY), ("a", Wrong.NO_CELLS), ("x" * 70_000, Wrong.TOO_LARGE)]:
        with pytest.raises(NotATable) as refused:
            pasted(text)
        assert [each.wrong for each in refused.value.problems] == [wrong]


def one(text: str, of: str, *, rounded: tuple[str, ...] = ()) -> Judged:
    """The verdict on the only cell a formula says something of."""
    (found,) = judged(pasted(text), [formula(of)], rounded=rounded)
    return found


def test_a_change_that_was_cut_off_is_consistent_and_said_to_be() -> None:
    text = "row;before;now;change\nx;10 155;1 610;-84,14 %"
    found = one(text, "[change] = [now] / [before] - 1")
    assert (found.verdict, found.why) == (Verdict.CONSISTENT, Why.CUT_OFF)
    rounded_up = one(text.replace("84,14", "84,15"), "[change] = [now] / [before] - 1")
    assert (rounded_up.verdict, rounded_up.why) == (Verdict.CONSISTENT, Why.ROUNDED)
    off = one(text.replace("84,14", "84,16"), "[change] = [now] / [before] - 1")
    assert (off.verdict, off.why) == (Verdict.INCONSISTENT, Why.OUTSIDE)


def test_hidden_decimals_make_a_cell_undecidable() -> None:
    text = "row;before;now;change\nwait;29;16;-44,20 %"
    found = one(text, "[change] = [now] / [before] - 1", rounded=("wait",))
    assert (found.verdict, found.why) == (Verdict.UNDECIDABLE, Why.HIDDEN_DECIMALS)
    as_counts = one(text, "[change] = [now] / [before] - 1")
    assert as_counts.verdict is Verdict.INCONSISTENT


def test_an_empty_cell_is_undecidable_and_so_is_a_base_of_nought() -> None:
    assert one("row;a;b;c\nx;-;-;2", "[c] = [a] + [b]").why is Why.EMPTY
    found = one("row;before;now;change\nx;0;2;5 %", "[change] = [now] / [before] - 1")
    assert (found.verdict, found.why) == (Verdict.UNDECIDABLE, Why.NO_BOUND)


@pytest.mark.parametrize(
    ("text", "of", "name", "given"),
    [
        ("row;a;b;all\nx;12;*;20\ny;1;2;3", "[all] = [a] + [b]", "b", exactly(8)),
        ("row;a;b;all\nx;12;8;:", "[all] = [a] + [b]", "all", exactly(20)),
        ("row;n;of;share\nx;*;12;42 %\ny;5;20;25 %", "[share] = [n] / [of]", "n", exactly(5)),
        ("row;n;of;share\nx;5;*;42 %\ny;5;20;25 %", "[share] = [n] / [of]", "of", exactly(12)),
        ("row;n;of;share\nx;5;12;*\ny;5;20;25 %", "[share] = [n] / [of]", "share", exactly(Fraction(500, 12))),
        ("row;n;of;share\nx;*;1000;42 %\ny;5;20;25 %", "[share] = [n] / [of]", "n", Span(Fraction(415), Fraction(430))),
        ("row;n;of;share\nx;*;12;37 %\ny;5;20;25 %", "[share] = [n] / [of]", "n",
         Span(Fraction(438, 100), Fraction(456, 100))),
        ("row;n;of;share\nx;3;*;<1 %\ny;5;20;25 %", "[share] = [n] / [of]", "of", Span(Fraction(300), None)),
        ("row;a;b;c\nx;4;*;1", "[c] = [a] - 2 * [b] + 1", "b", exactly(2)),
    ],
)  # fmt: skip
def test_what_the_others_tell_of_a_cell_that_is_held_back(
    text: str, of: str, name: str, given: Span
) -> None:
    found = judged(pasted(text), [formula(of)])[0]
    assert (found.verdict, found.why) == (Verdict.UNDECIDABLE, Why.NOT_TOLD)
    assert (found.not_told, found.given) == (name, given)


def test_a_column_that_stands_twice_in_a_formula_is_not_worked_out_of_it() -> None:
    assert one("row;a;b\nx;*;6", "[b] = [a] * [a] + [a]").why is Why.EMPTY


@given(
    st.lists(st.integers(0, 10**6), min_size=2, max_size=5), st.integers(0, 4), st.sampled_from(Mode)
)  # fmt: skip
def test_what_was_held_back_is_within_what_the_others_tell_of_it(
    parts: list[int], starred: int, mode: Mode
) -> None:
    """Of a total, and of a share of it printed with one decimal."""
    of = starred % len(parts)
    names = [f"p{n}" for n in range(len(parts))]
    told = [str(each) if n != of else "*" for n, each in enumerate(parts)]
    whole = sum(parts)
    table = pasted(
        "\n".join([";".join(["row", *names, "all"]), ";".join(["x", *told, str(whole)])])
    )
    (found,) = judged(table, [formula("[all] = " + " + ".join(f"[{each}]" for each in names))])
    assert found.given == exactly(parts[of])
    if not whole:
        return
    share = rounded(Decimal(100 * parts[of]) / whole, 1, mode)
    shares = pasted(f"row;n;all;share\nx;*;{whole};{share} %\ny;1;1;100 %")
    found = judged(shares, [formula("[share] = [n] / [all]")])[0]
    assert exactly(parts[of]).is_within(found.given or ANY)


def test_a_change_shown_as_nought_may_be_a_small_fall() -> None:
    found = one("row;before;now;change\nx;1000;999;0 %", "[change] = [now] / [before] - 1")
    assert found.verdict is Verdict.CONSISTENT


def test_formulas_may_be_of_rows_and_a_total_is_checked_unasked() -> None:
    table = pasted("row;a;b\nx;1;2\ny;3;4\nSum;4;7")
    (of,) = suggested(table)
    found = judged(table, [of])
    assert [(each.row, each.column, each.verdict) for each in found] == [
        ("Sum", "a", Verdict.CONSISTENT), ("Sum", "b", Verdict.INCONSISTENT),
    ]  # fmt: skip
    assert found[1].given == exactly(6)
    assert suggested(pasted("row;a\nx;1")) == []


def test_a_name_that_is_not_in_the_table_is_told() -> None:
    with pytest.raises(NotInTheTable) as refused:
        judged(pasted("row;a\nx;1"), [formula("[a] = [c]")])
    assert refused.value.name == "c"


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), min_size=1, max_size=5),
    st.integers(0, 2),
    st.sampled_from(Mode),
)
def test_a_table_that_is_right_is_never_called_inconsistent(
    rows: list[tuple[int, int]], places: int, mode: Mode
) -> None:
    lines = ["row;now;before;change"]
    for n, (now, before) in enumerate(rows):
        shown = rounded(Fraction(now, before) * 100 - 100, places, mode)
        assert isinstance(shown, Decimal)
        lines.append(f"{n};{now};{before};{shown:f} %".replace(".", ","))
    found = judged(pasted("\n".join(lines)), [formula("[change] = [now] / [before] - 1")])
    assert {each.verdict for each in found} == {Verdict.CONSISTENT}


@pytest.mark.parametrize(
    ("count", "share", "verdict"),
    [
        ("12", "37 %", Verdict.INCONSISTENT), ("12", "42 %", Verdict.CONSISTENT),
        ("12", "33 %", Verdict.CONSISTENT), ("12", "100 %", Verdict.CONSISTENT),
        ("12", "0 %", Verdict.CONSISTENT), ("12", "108 %", Verdict.INCONSISTENT),
        ("12", "41 %", Verdict.CONSISTENT), ("0", "37 %", Verdict.UNDECIDABLE),
        ("250", "37 %", Verdict.CONSISTENT), ("3", "0.33", Verdict.CONSISTENT),
        ("3", "0.34", Verdict.INCONSISTENT),
    ],
)  # fmt: skip
def test_a_share_must_be_a_whole_number_out_of_so_many(
    count: str, share: str, verdict: Verdict
) -> None:
    """5 of 12 is 41.67 per cent: rounded 42, cut off 41, and never 37."""
    table = pasted(f"Place\tCount\tShare\nRøros\t{count}\t{share}")
    (found,) = judged(table, [formula("[Share] = ? / [Count]")])
    assert found.verdict is verdict


@pytest.mark.parametrize("text", ["[a] = ?", "[a] = [b] / ?", "[a] = ? / 12", "[a] = 1 + ? / [b]"])
def test_an_unknown_whole_number_stands_alone_over_a_count(text: str) -> None:
    with pytest.raises(NotAFormula):
        formula(text)
