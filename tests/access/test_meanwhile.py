"""What is read while somebody's ground ends: the page is without it, and is no error (INV-33)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from fellesjournal.access import records
from fellesjournal.store.read import Stored
from fellesjournal.store.search import includes, pages
from fellesjournal.store.search.scope import Scope
from tests.staff import employ, put, register

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("include", [[], [("_include", "Condition:patient")]])
def test_a_ground_that_ends_while_a_search_is_read_leaves_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch, include: list[tuple[str, str]]
) -> None:
    gp = employ("gp")
    register("kari", "Practitioner/gp")
    register("ola", "Practitioner/gp")
    for patient in ("kari", "ola"):
        put("Condition", f"of-{patient}", subject={"reference": f"Patient/{patient}"})
    query = [("_count", "10"), *include]
    read_bodies = includes.with_bodies
    assert records.search(gp, "Condition", query).total == 2

    def ended_first(
        rows: Sequence[Sequence[Any]], scope: Scope, beside: tuple[str, list[Any]] | None = None
    ) -> list[Stored]:
        if not scope.bodies_later:
            register("ola")
            gp.connection()
        return read_bodies(rows, scope, beside)

    for module in (pages, includes):
        monkeypatch.setattr(module, "with_bodies", ended_first)
    page = records.search(gp, "Condition", query)
    assert [each.id for each in page.matches] == ["of-kari"]
    assert page.total == 1
    assert [each.id for each in page.included] == (["kari"] if include else [])
