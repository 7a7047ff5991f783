"""Two people write in one text at once: nothing typed is lost (INV-46)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.care.notes.merging import merged

BASE = "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("theirs", "mine", "result"),
    [
        (BASE, "one\ntwo\nthree\nfour", "one\ntwo\nthree\nfour"),
        ("zero\none\ntwo\nthree", "one\ntwo\nthree\nfour", "zero\none\ntwo\nthree\nfour"),
        ("ONE\ntwo\nthree", "one\ntwo\nTHREE", "ONE\ntwo\nTHREE"),
        ("one\nthree", "one\ntwo\nthree\nfour", "one\nthree\nfour"),
        ("one\ntwo\nthree\ntheirs", "one\ntwo\nthree\nmine", "one\ntwo\nthree\ntheirs\nmine"),
        ("one\nTWO\nthree", "one\nTWO\nthree", "one\nTWO\nthree"),
        ("one\ntwo\nthree\n", "one\ntwo\nthree", "one\ntwo\nthree\n"),
    ],
)
def test_changes_in_different_lines_are_both_kept(theirs: str, mine: str, result: str) -> None:
    assert merged(BASE, theirs, mine) == result


@pytest.mark.parametrize(
    ("base", "theirs", "mine"),
    [
        (BASE, "one\nTWO\nthree", "one\n2\nthree"),
        (BASE, "one\nthree", "one\ntwo changed\nthree"),
        ("", "theirs", "mine"),
        (BASE, "", "one\ntwo\nmine\nthree"),
    ],
)
def test_different_changes_of_one_line_collide(base: str, theirs: str, mine: str) -> None:
    assert merged(base, theirs, mine) is None


lines = st.lists(st.sampled_from("abcdefg"), max_size=8).map("\n".join)


@given(lines, lines)
def test_a_change_against_none_is_that_change(base: str, changed: str) -> None:
    assert merged(base, base, changed) == changed
    assert merged(base, changed, base) == changed


@given(lines, st.data())
def test_no_line_that_one_of_them_put_in_is_missing(base: str, data: st.DataObject) -> None:
    """INV-46: in the merged text stands each new line of both; else they collide and say so."""
    theirs = _with_new_lines(base, "T", data)
    mine = _with_new_lines(base, "M", data)
    result = merged(base, theirs, mine)
    if result is None:
        return
    new = {line for line in (*theirs.split("\n"), *mine.split("\n")) if line[:1] in {"T", "M"}}
    assert new <= set(result.split("\n"))


def _with_new_lines(base: str, sign: str, data: st.DataObject) -> str:
    found = base.split("\n")
    for turn in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(found)))
        cut = data.draw(st.integers(0, 2))
        found[at : at + cut] = [f"{sign}{turn}"]
    return "\n".join(found)
