"""``fellesjournal table-audit``: verdicts as lines, errors with their place, exit codes for scripts."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from fellesjournal.config.cli import main

TABLE = "row;before;now;change\nlost;10155;1610;-84,14 %\nkept;300;120;-50 %\n"
CHECK = "[change] = [now] / [before] - 1"


def run(file: Path, text: str, *options: str) -> tuple[int, str]:
    file.write_text(text, encoding="utf-8")
    answer = CliRunner().invoke(main, ["table-audit", str(file), *options])
    return answer.exit_code, answer.output


def test_each_cell_has_a_line_and_an_inconsistent_one_is_told_by_the_exit_code(
    tmp_path: Path,
) -> None:
    code, output = run(tmp_path / "t.csv", TABLE, "--check", CHECK)
    assert code == 3
    lines = output.splitlines()
    assert lines[1] == "lost;change;-84,14 %;consistent;cut-off;-84.1457;-84.1457;"
    assert lines[2] == "kept;change;-50 %;inconsistent;outside;-60;-60;"


def test_a_table_that_holds_ends_well_and_a_total_is_checked_unasked(tmp_path: Path) -> None:
    code, output = run(tmp_path / "t.csv", "row;a\nx;1\ny;2\nSum;3\n")
    assert (code, output.splitlines()[1]) == (0, "Sum;a;3;consistent;fits;3;3;")


def test_what_can_not_be_read_is_told_with_its_place(tmp_path: Path) -> None:
    code, output = run(tmp_path / "t.csv", "row;a\nx;one\n")
    assert (code, "row 2, column 2: not-read one" in output) == (1, True)
    code, output = run(tmp_path / "t.csv", TABLE, "--check", "[change] = [then]")
    assert (code, "then" in output) == (1, True)
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00")
    assert CliRunner().invoke(main, ["table-audit", str(tmp_path / "b.csv")]).exit_code == 1
