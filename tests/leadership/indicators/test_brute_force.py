"""Three regions made at random, over both nights on which clocks change: every indicator is what plain
loops over the resources of the API give.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import fellesjournal
from fellesjournal.access.tokens import issue_token
from fellesjournal.care.homecare import codes as homecare
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.states import State
from fellesjournal.care.stays import codes
from fellesjournal.care.stays.readiness import Said
from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.figures.periods import Period, month
from fellesjournal.leadership.indicators.asking import Asked, Group, Side
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.he1.series import Week
from fellesjournal.leadership.indicators.measuring import Measured, measured
from fellesjournal.leadership.indicators.publishing import published
from fellesjournal.leadership.indicators.schedule.tallies import Key
from tests.leadership.indicators.brute import Record, grouped
from tests.leadership.indicators.brute_portal import BRUTE_OF_CATALOGUE as BRUTE
from tests.leadership.indicators.brute_portal import BRUTE_PORTAL
from tests.leadership.indicators.brute_schedule import BRUTE_SCHEDULE
from tests.leadership.indicators.records import (
    DAY,
    EVERYTHING,
    HIDDEN,
    HOUR,
    closed,
    document,
    lives,
    load,
    medication_list,
    notice,
    outcome,
    person,
    plan,
    prescribed,
    question,
    question_asked,
    ready,
    referral,
    sent,
    service,
    stay,
    unit,
    visited,
    works,
)
from tests.leadership.indicators.views import FLATTENER
from tests.surfaces.fhir_api.client import Client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

MINUTE = timedelta(minutes=1)
NIGHTS = (datetime(2022, 10, 30, 1, 0, tzinfo=UTC), datetime(2023, 3, 26, 1, 0, tzinfo=UTC))
"""The moments at which clocks in Norway go back and forward."""
MONTHS = (month(2022, 10), month(2023, 3))
CUTS = (datetime(2022, 11, 3, 9, 0, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
WARDS, HOMES = ("w1", "w2"), ("h1", "h2", "h3")
OWNED = {"hospital": WARDS, "town": HOMES, "gp": ("gp",), "office": ("office",)}
Resource = dict[str, Any]


class Region:
    """What happens in some weeks around the nights on which clocks change."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.turn = 0

    def name(self) -> str:
        """Another id."""
        self.turn += 1
        return f"x{self.turn}"

    def some(self, *choices: Any) -> Any:
        """One of these."""
        return self.random.choice(choices)

    def moment(self) -> datetime:
        """About one of the nights: mostly within hours of it, on odd minutes."""
        hours = self.some(3, 3, 30, 300)
        away = timedelta(minutes=self.random.randint(-60 * hours, 60 * hours))
        night: datetime = self.some(*NIGHTS)
        return night + away + timedelta(seconds=self.random.randint(0, 59))

    def resources(self) -> Iterator[Resource]:
        """All that there is."""
        yield from (unit("hospital"), unit("office"))
        yield from ({**unit("town"), **lives("5001")}, {**unit("gp"), **lives("5006")})
        yield from (unit(each, parent="hospital") for each in WARDS)
        yield from (unit(each, parent="town") for each in HOMES)
        yield unit("far", outside=True)
        self.people = [f"p{n}" for n in range(24)]
        for n, who in enumerate(self.people):
            born = f"{self.some(1931, 1940, 1949, 1955, 1956, 1990)}-{self.some('03-26', '10-30', '06-01')}"
            more: Resource = {"gender": self.some("female", "male")}
            if n == 3:
                more["deceasedDateTime"] = self.moment().isoformat()
            more |= lives(self.some("5001", "5001", "5006"))
            yield person(who, birthDate=born if n != 4 else "2022-10-30", **more)
        yield closed("closed", "p5")
        for who in self.people:
            for home in self.random.sample(HOMES, self.some(0, 1, 1, 2)):
                yield service(self.name(), who, home, starts=self.some("2022-01-01", "2022-10-30"))
        for _ in range(50):
            yield from self.stay()
        yield from (medication_list(self.name(), who) for who in self.people[2:])
        for _ in range(90):
            yield self.medicine()
        yield from (works(f"e{n}", n, at) for n, at in (("d", "w1"), ("e", "h1"), ("f", "gp")))
        for _ in range(60):
            yield visited(self.name(), self.some(*self.people), self.some("w1", "w2", "gp", "far"),
                          self.moment() - self.some(0, 80, 91) * DAY)  # fmt: skip
        for _ in range(70):
            yield from self.plan()
        for _ in range(60):
            yield self.message(self.some(*self.people), self.moment())
        for _ in range(40):
            yield from self.dose()
        for _ in range(90):
            yield self.visit()
        for _ in range(30):
            yield from self.referral()
        for _ in range(60):
            yield self.question()

    def stay(self) -> Iterator[Resource]:
        """A stay with its notices, an answer, and its summary."""
        name, who, ward = self.name(), self.some(*self.people), self.some(*WARDS)
        ended = self.moment()
        hours = self.some(5, 23, 24, 25, 48, 100) + self.some(0, 0, 0.5)
        began = ended - timedelta(hours=hours)
        is_ready = ended - self.some(2, 20) * HOUR
        said = [ready(name, is_ready)] if self.some(1, 0) else []
        if said and self.some(1, 0, 0):
            said.append(Said(name, is_ready + HOUR, "Practitioner/d", "d", None))
        yield stay(name, who, began, hours, ward=ward, to=self.some("home", "home", "home", "snf", "exp", "other-hcf"),
                   is_acute=bool(self.some(1, 0)), said=said)  # fmt: skip
        to = self.some(*HOMES, "far")
        for event, when in (
            (codes.ADMITTED, began + self.some(1, 24, 25) * HOUR),
            (codes.READY, is_ready),
        ):
            if self.some(1, 1, 0):
                yield notice(self.name(), name, who, event, when, to=to, by=ward)
        if self.some(1, 0):
            answered = is_ready + timedelta(minutes=self.random.randint(1, 5000))
            yield sent(
                self.name(),
                who,
                answered,
                by=to,
                to=ward,
                kind=self.some(Kind.LETTER, Kind.SERVICES_OFFERED),
            )
        if self.some(1, 1, 0):
            paper = self.name()
            yield document(paper, who, name)
            yield {
                "resourceType": "Composition", "id": f"c{paper}",
                "status": self.some("final", "amended", "preliminary"),
                "type": {"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9602", "code": "A03-2"}]},
                "encounter": {"reference": f"Encounter/{name}"}, "subject": {"reference": f"Patient/{who}"},
                "date": ended.isoformat(), "author": [{"reference": "Practitioner/d"}], "title": "x",
            }  # fmt: skip
            for office in self.random.sample(["gp", *HOMES], self.some(1, 2)):
                at = ended + timedelta(hours=self.some(-1, 0, 24, 25))
                proofs = (
                    [(State.ACCEPTED, at + self.some(1, 3, 5, 7) * DAY)] if self.some(1, 0) else []
                )
                yield sent(self.name(), who, at, by=ward, to=office, document=paper,
                           kind=Kind.DISCHARGE_SUMMARY, proofs=proofs)  # fmt: skip

    def medicine(self) -> Resource:
        """A prescription or a medicine that is told of, often changed about a discharge."""
        name, who, written = self.name(), self.some(*self.people), self.moment()
        if self.some(1, *[0] * 30):
            return {
                "resourceType": "MedicationStatement", "id": name, "status": self.some("active", "stopped"),
                "medicationCodeableConcept": {"text": "x"}, "subject": {"reference": f"Patient/{who}"},
                "dateAsserted": written.isoformat(),
            }  # fmt: skip
        ends = self.some(None, None, written + self.some(1, 20, 90) * HOUR)
        made = prescribed(
            name, who, self.some("C07AB02", "C03CA01"), written, gone=ends, why=self.some("x", "x", ""),
            by=self.some("d", "d", ""), item=self.some("1", "1", "2"), status=self.some("stopped", "completed"),
            **self.some({}, {"dose": 7, "period": "wk"}, {"dose": 2, "every": 2}, {"dose": 0.5}),
        )  # fmt: skip
        if ends and self.some(1, *[0] * 15):
            del made["dispenseRequest"]
        if self.some(1, *[0] * 8):
            made["category"] = [{"coding": [{"code": "inpatient"}]}]
        if self.some(1, *[0] * 8):
            made["dosageInstruction"] = [{"text": "etter skjema"}]
        elif self.some(1, *[0] * 8):
            made["dosageInstruction"] *= 2
        return made

    def plan(self) -> list[Resource]:
        """A plan by one or several, with a coordinator or without."""
        by = ["Organization/w2", "Organization/h2", "Practitioner/d", "PractitionerRole/ed",
              "PractitionerRole/ee", "Practitioner/f", "Practitioner/x"]  # fmt: skip
        return plan(
            self.name(), self.some(*self.people), self.moment() - self.some(0, 60, 180) * DAY,
            *self.random.sample(by, self.some(1, 2, 2, 3)), role=self.some("Koordinator", "Koordinator", "Lege"),
            **self.some({}, {}, {}, {"status": "revoked"}, {"status": "completed"}, HIDDEN),
        )  # fmt: skip

    def message(self, who: str, at: datetime) -> Resource:
        """A document from one unit to another."""
        units = [*WARDS, *HOMES, "gp", "far"]
        by, to = self.random.sample(units, 2)
        proofs = []
        if self.some(1, 1, 0):
            proofs.append((State.DELIVERED, at + self.some(1, 15, 16) * MINUTE))
        if self.some(1, 1, 0):
            proofs.append((self.some(State.ACCEPTED, State.ACCEPTED, State.REJECTED),
                           at + self.some(1, 24, 25, 72, 73) * HOUR))  # fmt: skip
        return sent(self.name(), who, at, by=by, to=to, urgent=bool(self.some(1, 0)),
                    document=self.some("d1", "d2", "d3", ""), proofs=proofs)  # fmt: skip

    def dose(self) -> Iterator[Resource]:
        """A planned dose with its visit, perhaps given."""
        name, who, home = self.name(), self.some(*self.people), self.some(*HOMES)
        planned, visit = self.moment(), f"v{name}"
        state = self.some("done", "done", "done", "not-done", "open", "paused")
        extension = [{"url": homecare.PLANNED_AT, "valueDateTime": planned.isoformat()}]
        yield {
            "resourceType": "Encounter", "id": visit, "status": "in-progress",
            "class": {"system": codes.ACT_CODE, "code": "HH"}, "subject": {"reference": f"Patient/{who}"},
            "serviceProvider": {"reference": f"Organization/{home}"}, "period": {"start": planned.isoformat()},
        }  # fmt: skip
        yield {
            "resourceType": "Task", "id": name, "status": "completed", "intent": "plan",
            "code": homecare.coded(homecare.TASK_CODE, homecare.PLANNED_DOSE), "extension": extension,
            "businessStatus": homecare.coded(homecare.OUTCOME, state), "for": {"reference": f"Patient/{who}"},
            "owner": {"reference": f"Organization/{home}"}, "encounter": {"reference": f"Encounter/{visit}"},
            "restriction": {"period": {"end": (planned + 2 * HOUR).isoformat()}},
        }  # fmt: skip
        if state in {"done", "open"}:
            given = planned + timedelta(
                seconds=self.some(0, 600, -3600, 3600, 3601, -3601, 4500, 9000)
            )
            yield {
                "resourceType": "MedicationAdministration", "id": f"a{name}",
                "status": self.some("completed", "completed", "completed", "entered-in-error"),
                "medicationCodeableConcept": {"text": "x"}, "subject": {"reference": f"Patient/{who}"},
                "context": {"reference": f"Encounter/{visit}"}, "effectiveDateTime": given.isoformat(),
                **({"extension": extension} if self.some(1, 1, 1, 0) else {}),
            }  # fmt: skip

    def visit(self) -> Resource:
        """A visit by some of four."""
        began = self.moment()
        who = self.some(*self.people[:8])
        carers = self.random.sample(["a", "b", "c", "d"], self.some(0, 1, 1, 1, 2))
        return {
            "resourceType": "Encounter", "id": self.name(), "status": self.some("finished", "finished", "cancelled"),
            "class": {"system": codes.ACT_CODE, "code": "HH"}, "subject": {"reference": f"Patient/{who}"},
            "serviceProvider": {"reference": f"Organization/{self.some(*HOMES)}"},
            "period": {"start": began.isoformat(), "end": (began + self.some(5, 30, 70) * MINUTE).isoformat()},
            **({"participant": [{"individual": {"reference": f"Practitioner/{each}"}} for each in carers]}
               if carers else {}),
        }  # fmt: skip

    def question(self) -> Resource:
        """What somebody asked a unit, by when she was promised an answer, and perhaps what came of it."""
        asked, to = self.moment(), self.some(*HOMES, "gp", "office")
        due, took = (
            asked + self.some(1, 3, 7) * DAY,
            timedelta(minutes=self.random.randint(1, 12000)),
        )
        return question_asked(
            self.name(), self.some(*self.people), to, asked, due, took=self.some(took, took, due - asked, None),
            is_dated=bool(self.some(1, 1, 1, 1, 0)), is_again=bool(self.some(1, 0, 0, 0)),
        )  # fmt: skip

    def referral(self) -> Iterator[Resource]:
        """A referral, perhaps returned, perhaps decided."""
        name, who, received = self.name(), self.some(*self.people), self.moment()
        by = self.some("gp", "h1", "far")
        day = received.date().isoformat()
        yield from referral(
            name, who, day, by=by, status=self.some("active", "revoked", "completed", "draft")
        )
        if self.some(1, 0, 0):
            yield question(self.name(), name, who, day, to=by)
        if self.some(1, 1, 0):
            told = received + self.some(1, 13, 14, 15, 16) * DAY
            yield outcome(
                self.name(),
                name,
                who,
                told,
                self.some("referral-accepted", "referral-rejected"),
                to=by,
            )


def given_out(kinds: set[str]) -> list[Resource]:
    """All resources of these types, as the API gives them."""
    api, found = Client(issue_token()), []
    for kind in sorted(kinds):
        address: str | None = f"{kind}?_count=1000"
        while address:
            answer = api.request("GET", address)
            assert answer.status == 200, answer.body
            found += answer.resources
            address = answer.link("next")
    return found


def _numbers() -> dict[str, int]:
    return dict(
        connection().execute(
            "select r.fhir_id, r.rid from store.resource r join figures.unit_system u on u.unit = r.rid"
        ).fetchall()
    )  # fmt: skip


def _groups(numbers: dict[str, int]) -> list[tuple[Group, set[str]]]:
    found = []
    for top, below in OWNED.items():
        names = {top, *below}
        for n, own in enumerate([names, *({each} for each in sorted(names))]):
            group = Group(1000 * numbers[top] + n, f"{top} {n}", tuple(numbers[each] for each in own),
                          top=numbers[top])  # fmt: skip
            found.append((group, own))
    return found


@pytest.mark.parametrize("seed", [20221030, 20230326, 7])
def test_every_indicator_is_what_plain_loops_give(seed: int) -> None:
    made = list(Region(seed).resources())
    load(made)
    resources = grouped(given_out({each["resourceType"] for each in made}))
    assert sum(map(len, resources.values())) == len(made)
    for indicator in map(CATALOGUE.__getitem__, BRUTE):
        keep_up(FLATTENER, indicator.tables, seconds=60)
    compared = 0
    groups = _groups(_numbers())
    for name, brute in BRUTE.items():
        indicator = CATALOGUE[name]
        for period in MONTHS:
            for cut in CUTS:
                for side in Side if indicator.has_sides else [Side.FROM]:
                    for top in {group.top for group, _ in groups}:
                        of = [(group, own) for group, own in groups if group.top == top]
                        found = measured(
                            connection(), indicator, period, [group for group, _ in of], cut=cut,
                            rule=EVERYTHING, side=side,
                        )  # fmt: skip
                        for group, own in of:
                            record = _record(resources, own, of[0][1], period, cut, side)
                            where = f"{name} {group.unit} {period} {cut} {side}"
                            _same(found[group.unit], brute(record), where)
                            compared += bool(found[group.unit].figure.denominator)
    assert compared > 100
    _shown_as_counted([group for group, _ in groups if group.top == groups[0][0].top])


def _shown_as_counted(groups: list[Group]) -> None:
    """What is shown, where nothing has to be held back, is what is counted."""
    cut = CUTS[1]
    asked = [Asked(CATALOGUE[name], period, side) for name in BRUTE for period in MONTHS
             for side in (Side if CATALOGUE[name].has_sides else [Side.FROM])]  # fmt: skip
    shown = published(
        connection(), asked, groups, cut=cut, seen=[cut for _ in asked], rule=EVERYTHING
    )
    for each, units in zip(asked, shown, strict=True):
        counted = measured(connection(), each.indicator, each.period, groups, cut=cut, rule=EVERYTHING,
                           side=each.side)  # fmt: skip
        for unit_, one in units.items():
            other = counted[unit_]
            assert one.figure.numerator == other.figure.numerator
            assert one.figure.denominator == other.figure.denominator
            assert float(one.figure.value or 0) == pytest.approx(float(other.figure.value or 0))
            assert one.figure.excluded == other.figure.excluded


def test_every_indicator_and_each_row_of_schedules_is_worked_out_anew() -> None:
    """Who adds one adds its plain loop, in this folder."""
    assert BRUTE.keys() == CATALOGUE.keys()
    assert {key.value for key in Key} == BRUTE_SCHEDULE
    assert {each.name for each in fields(Week)} - {"start"} == BRUTE_PORTAL


def test_only_what_is_published_is_shown() -> None:
    """No other way from a count to a page, a file or the API."""
    source = Path(fellesjournal.__file__).parent
    counting = re.compile(
        r"measuring import [^\n]*\b(measured|counted)\b|publishing import [^\n]*_counted"
    )
    found = [str(file) for file in source.rglob("*.py") if counting.search(file.read_text())]
    assert found == []


class _Unit(Record):
    """What one unit of an organisation has; what stays within that does not come to it."""

    everyone: set[str]

    def is_here(self, sender: str, receiver: str) -> bool:
        if self.is_to:
            return receiver in self.units and sender not in self.everyone
        return sender in self.units


def _record(
    resources: dict[str, list[Resource]], own: set[str], all_of: set[str], period: Period,
    cut: datetime, side: Side,
) -> Record:  # fmt: skip
    units = {f"Organization/{each}" for each in own}
    record = _Unit(resources, units, period.start, period.end, cut, is_to=side is Side.TO)
    record.everyone = {f"Organization/{each}" for each in all_of}
    return record


def _same(found: Measured, told: dict[str, Any], where: str) -> None:
    figure = found.figure
    assert int(figure.denominator or 0) == told["d"], where
    if "n" in told:
        assert int(figure.numerator or 0) == told["n"], where
    elif told["d"]:
        assert float(figure.value or 0) == pytest.approx(told["value"]), where
    for each in found.companions:
        assert each.key in told or not told["d"], (where, each.key)
        said = told.get(each.key)
        if isinstance(said, tuple):
            assert (each.numerator or 0, each.denominator or 0) == (said if said[1] else (0, 0)), (
                where,
                each.key,
            )
        elif told["d"]:
            value = None if each.value is None else float(each.value)
            assert value == (said if said is None else pytest.approx(said, abs=1e-6)), (
                where,
                each.key,
            )
    assert dict(figure.excluded) == {k: v for k, v in told["left out"].items() if v}, where
