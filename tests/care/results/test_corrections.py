"""INV-30: in whatever order new, addition, correction and withdrawal come, each opens the result
again, and what is withdrawn is shown as valid nowhere.
"""

from __future__ import annotations

from itertools import permutations

import pytest

from fellesjournal.access import citizens
from fellesjournal.care.chart.queries import chart_of
from fellesjournal.care.results.actions import acknowledge
from fellesjournal.care.results.news import Standing
from fellesjournal.care.results.queries import inbox, result_of, results_of
from fellesjournal.care.results.resources import Outcome
from tests.care.results.laboratory import handle, report, value
from tests.staff import employ, put, register

VALUES = {"final": 13.1, "appended": 13.1, "corrected": 9.2, "cancelled": 9.2}
STANDING = {
    "final": {Standing.NEW, Standing.ADDED},
    "appended": {Standing.NEW, Standing.ADDED},
    "corrected": {Standing.CORRECTED},
    "cancelled": {Standing.WITHDRAWN},
}


def _write(status: str) -> None:
    """As a careless laboratory: a withdrawn report, whose values go on calling themselves final."""
    value(VALUES[status], status="corrected" if status == "corrected" else "final")
    report(status, **({"conclusion": "Lett hemolysert"} if status == "appended" else {}))
    handle()


@pytest.mark.django_db
@pytest.mark.parametrize("order", list(permutations(VALUES)), ids="-".join)
def test_inv_30_each_change_opens_the_result_again_and_no_withdrawn_value_is_shown(
    order: tuple[str, ...],
) -> None:
    gp = employ("gp", "gp")
    put("Organization", "lab", name="Laboratoriet")
    register("kari", "Practitioner/gp")
    told = False
    for status in order:
        _write(status)
        rows = inbox(gp)
        if status == "cancelled" and not told:
            assert rows == []  # nobody was told of anything that is now taken back
        else:
            told = True
            (row,) = rows
            assert row.task.standing in STANDING[status]
            acknowledge(gp, patient="Patient/kari", task=row.task.id, seen=row.task.version,
                        outcome=Outcome.NO_ACTION)  # fmt: skip
            assert inbox(gp) == []
        withdrawn = status == "cancelled"
        assert (result_of(gp, "kari", "r").observations == ()) == withdrawn
        assert (chart_of(gp, "kari").trends == ()) == withdrawn
        assert (chart_of(gp, "kari", only=["Observation"]).trends == ()) == withdrawn
        (own,) = results_of(citizens.citizen("kari"), "kari")
        assert (own.observations == ()) == withdrawn
