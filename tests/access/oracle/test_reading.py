"""Whatever way one asks: no more than the independent evaluator allows, and no less."""

from __future__ import annotations

import pytest

from fellesjournal.access import export
from tests.access.oracle.world import Asking, World, pages, references


@pytest.fixture(scope="module")
def everybody(world: World) -> list[Asking]:
    found = [*world.staff(), *world.citizens()]
    # the comparison is worth something: all kinds of answers occur
    assert sum(bool(asking.current) for asking in found) == len(found)
    staff = [asking for asking in found if asking.name.startswith("w")]
    assert any(asking.of_type("Observation") for asking in staff)
    return found


def test_a_read_by_id_shows_exactly_what_is_allowed(everybody: list[Asking]) -> None:
    for turn, asking in enumerate(everybody):
        wrong = []
        # every fourth, by turns; the search of types goes over all
        for key, versions in list(asking.seen.items())[turn % 4 :: 4]:
            status = asking.client.get(key).status
            stands = asking.truth.versions[key][-1] is not None
            expected = 404 if not versions else 200 if stands else 410
            if status != expected:
                wrong.append((key, status, expected))
        assert not wrong, asking.name


def test_a_read_of_a_version_shows_exactly_what_is_allowed(everybody: list[Asking]) -> None:
    for turn, asking in enumerate(everybody):
        wrong = []
        several = [key for key in asking.seen if len(asking.truth.versions[key]) > 1]
        for key in several[turn % 6 :: 6]:
            versions = asking.seen[key]
            for n, body in enumerate(asking.truth.versions[key], 1):
                status = asking.client.get(f"{key}/_history/{n}").status
                expected = 404 if n not in versions else 200 if body is not None else 410
                if status != expected:
                    wrong.append((key, n, status, expected))
        assert not wrong, asking.name


def test_a_search_of_a_type_shows_exactly_what_is_allowed(everybody: list[Asking]) -> None:
    types = {key.partition("/")[0] for key in everybody[0].seen}
    for asking in everybody:
        for name in sorted(types):
            found = set(references(pages(asking.client, f"{name}?_count=1000")[0].resources))
            found -= asking.truth.unjudged
            assert sorted(found) == sorted(asking.of_type(name)), (asking.name, name)
        assert export.counts(asking.session.again()) == {
            name: len(asking.of_type(name)) for name in types if asking.of_type(name)
        }
