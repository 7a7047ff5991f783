"""The attack on what is really shown: pages, files, papers and the API, to two leaders, while documents come."""

from __future__ import annotations

import csv
import random
import re
import sys
from collections.abc import Callable, Hashable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.states import State
from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from fellesjournal.leadership.indicators import publishing
from fellesjournal.leadership.indicators.asking import Group
from fellesjournal.leadership.indicators.reports import DATA_CUT
from fellesjournal.leadership.indicators.trees import groups_of
from tests.leadership.indicators.attacking import Attack
from tests.leadership.indicators.records import load, person, sent, unit
from tests.leadership.indicators.test_attack import Attacks, Counts, naive, told
from tests.leadership.indicators.views import flatten_all
from tests.papers import Paper
from tests.signing_in import staff_client
from tests.staff import employ
from tests.surfaces.fhir_api.client import Client as ApiClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

LEADER = next(member for member in STAFF if member.role == "unit-leader")
TOP = LEADER.unit_id
NAMES = {1: TOP, 2: "a", 3: "b", 4: "c", 5: "a1", 6: "a2"}
ABOVE: dict[int, int | None] = {1: None, 2: 1, 3: 1, 4: 1, 5: 2, 6: 2}
GROUPS = list(groups_of(1, ABOVE, {n: f"Organization/{name}" for n, name in NAMES.items()}))
TARGETS = [*GROUPS, *(Group(0, f"{n} alone", (n,)) for n in ABOVE)]
MINUTE = timedelta(minutes=1)
Shown = dict[str, tuple[int, int]]


class Region:
    """A municipality whose units send documents to a hospital; some are dealt with."""

    def __init__(self, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.random, self.turn = random.Random(seed), 0
        self.leader: Client = staff_client(LEADER)
        self.leader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        load([unit(NAMES[n], parent=NAMES[over]) for n, over in ABOVE.items() if over])
        load([unit("ward"), person("p0")])
        self.below = employ("l2", "unit-leader", "a")
        self.top = employ("l1", "unit-leader", TOP)
        load([unit(NAMES[n], parent=NAMES[over]) for n, over in ABOVE.items() if over])
        self.stands: Counts = dict.fromkeys(ABOVE, (0, 0))
        self.monkeypatch = monkeypatch

    def send(self) -> None:
        """More documents, of some units few."""
        at = clock.now() - 120 * MINUTE
        for n in ABOVE:
            kind = self.random.random() if n > 2 else 0
            good = 0 if kind < 0.3 else self.random.randint(*((0, 4) if kind < 0.6 else (5, 12)))
            bad = 0 if kind < 0.3 else self.random.randint(*((0, 4) if kind < 0.5 else (5, 9)))
            rows = []
            for turn in range(good + bad):
                state = State.ACCEPTED if turn < good else State.REJECTED
                proofs = [(State.DELIVERED, at + MINUTE), (state, at + 2 * MINUTE)]
                rows.append(sent(f"d{self.turn}", "p0", at, by=NAMES[n], to="ward", proofs=proofs))
                self.turn += 1
            load(rows)
            was = self.stands[n]
            self.stands = {**self.stands, n: (was[0] + good, was[1] + good + bad)}
        flatten_all()

    def api(self, session: Session) -> tuple[Shown, set[str]]:
        """Counts of each unit over the API, and which of them stand as they were."""
        self.monkeypatch.setattr(
            sys.modules["fellesjournal.surfaces.fhir_api.application"], "_session",
            lambda _: session.again(),
        )  # fmt: skip
        report = ApiClient("x").request("GET", "Measure/SA6/$evaluate-measure").json
        found: Shown = {}
        carried: set[str] = set()
        for stratum in report["group"][0]["stratifier"][0]["stratum"]:
            name = f"Organization/{stratum['value']['coding'][0]['code']}"
            counts = {
                each["code"]["coding"][0]["code"]: each["count"]
                for each in stratum.get("population", ())
            }
            if "denominator" in counts:
                found[name] = counts.get("numerator", 0), counts["denominator"]
            if any(each["url"] == DATA_CUT for each in stratum.get("extension", ())):
                carried.add(name)
        return found, carried

    def file(self) -> Shown:
        """The same as a file."""
        answer = self.leader.get(reverse("leaders-indicator", args=["SA6"]), {"as": "csv"})
        rows = csv.DictReader(StringIO(answer.content.decode()), delimiter=";")
        return {
            row["unit"]: (int(row["numerator"] or 0), int(row["denominator"] or 0))
            for row in rows
            if row["status"] in {"provisional", "final", "no-observations"}
        }

    def papers(self) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """All counts that stand on paper: in the table, which has them beside their interval, and of
        one's own unit on the one-pager.
        """
        found = []
        for name, counts in (
            ("leaders-indicator", r"%(\d+)/(\d+)"),
            ("leaders-indicator-definition", r"Counted:(\d+)/(\d+)"),
        ):
            answer = self.leader.get(reverse(name, args=["SA6"]), {"as": "pdf"})
            made = Paper(answer.content)
            assert made.says("Counted until")
            found.append({(int(n), int(d)) for n, d in re.findall(counts, made.text)})
        return found[0], found[1]

    def pages(self) -> str:
        """All that stands on the pages."""
        addresses = [
            reverse("leaders-indicators"), reverse("leaders-indicator", args=["SA6"]),
            reverse("leaders-interaction"),
        ]  # fmt: skip
        return "".join(self.leader.get(each).content.decode() for each in addresses)


def _attacked(region: Region, count: int) -> tuple[list[Counts], Attacks]:
    """So many looks by every way there is, all of them put together."""
    attacks, looks = Attacks(Attack(), Attack()), []
    for at in range(count):
        region.send()
        looks.append(region.stands)
        shown, carried = region.api(region.top)
        assert region.file() == shown  # a file is no way round
        by_unit, own = region.papers()  # and no paper is
        assert by_unit == {each for each in shown.values() if each[1]}
        assert own == {
            each for name, each in shown.items() if name == f"Organization/{TOP}" and each[1]
        }
        below, _ = region.api(region.below)
        assert below == {unit_: each for unit_, each in shown.items() if unit_ in below}
        text = region.pages()
        for n, d in shown.values():
            assert d == 0 or f"{n} / {d}" in text
        for group in GROUPS:
            if group.unit in shown and group.unit not in carried:
                of: dict[Hashable, int] = {(n, at): 1 for n in group.units}
                attacks.numerators.learn(of, shown[group.unit][0])
                attacks.denominators.learn(of, shown[group.unit][1])
        for n in (1, 2):  # nobody works there
            for attack in (attacks.numerators, attacks.denominators):
                attack.learn({(n, at): 1}, 0)
    return looks, attacks


@pytest.fixture
def region(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Region]:
    """A region by its seed."""
    return lambda seed: Region(seed, monkeypatch)


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(n, marks=pytest.mark.thorough) for n in (2, 3))]
)
def test_tables_looks_leaders_files_and_the_api_together_tell_no_small_count(
    seed: int, region: Callable[[int], Region]
) -> None:
    looks, attacks = _attacked(region(seed), 4)
    assert told(looks, attacks, TARGETS) == []


def test_the_same_attack_finds_some_when_only_small_cells_are_hidden(
    region: Callable[[int], Region], monkeypatch: pytest.MonkeyPatch
) -> None:
    def bare(_: Any, groups: Any, now: Any, before: Any, rule: Any) -> Any:
        return naive(None, groups, now, before, rule)

    monkeypatch.setattr(publishing, "decided", bare)
    looks, attacks = _attacked(region(1), 4)
    assert told(looks, attacks, TARGETS)
