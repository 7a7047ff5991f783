"""What is agreed over time ends no sooner than it begins."""

from __future__ import annotations

from datetime import date

import pytest

from fellesjournal.demo.plans import close


@pytest.mark.parametrize(
    ("start", "end"), [("2024-12-11", "2024-12-11"), ("2024-12-01", "2024-12-05")]
)
def test_what_is_closed_before_it_began_ends_as_it_begins(start: str, end: str) -> None:
    plan = {"resourceType": "EpisodeOfCare", "status": "active", "period": {"start": start}}
    close(plan, date(2024, 12, 5).toordinal())
    assert plan["period"] == {"start": start, "end": end}
    assert plan["status"] == "finished"
