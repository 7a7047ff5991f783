"""Regions made at random: what happens in some weeks around the nights on which clocks change."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from fellesjournal.access.tokens import issue_token
from fellesjournal.care.homecare import codes as homecare
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.states import State
from fellesjournal.care.stays import codes
from fellesjournal.care.stays.readiness import Said
from fellesjournal.leadership.figures.periods import month
from tests.leadership.indicators.records import (
    DAY,
    HIDDEN,
    HOUR,
    closed,
    document,
    lives,
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
from tests.surfaces.fhir_api.client import Client

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
            born = f"{self.some(1931, 1940, 1942, 1949, 1955, 1956, 1990)}-{self.some('03-26', '10-30', '06-01')}"
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
        for _ in range(60):
            yield from self.dose()
        for _ in range(90):
            yield self.visit()
        for _ in range(70):
            yield self.frailty()
        for _ in range(15):
            yield from self.returned()
        for _ in range(12):
            yield from self.readmitted()
        for _ in range(30):
            yield from self.referral()
        for _ in range(60):
            yield self.question()

    def frailty(self) -> Resource:
        """A score of the Clinical Frailty Scale, or another one; some of no use."""
        value = self.some(3, 4, 5, 5, 6, 8)
        said = self.some(
            {"valueInteger": value}, {"valueQuantity": {"value": value + 0.5}}, {"valueString": "?"}
        )
        return {
            "resourceType": "Observation",
            "id": self.name(),
            "status": self.some("final", "final", "amended", "entered-in-error"),
            "code": {
                "coding": [
                    {
                        "system": "http://snomed.info/sct",
                        "code": self.some("763264000", "763264000", "1"),
                    }
                ]
            },
            "subject": {"reference": f"Patient/{self.some(*self.people)}"},
            "effectiveDateTime": self.moment().isoformat(),
            **said,
        }

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

    def readmitted(self) -> Iterator[Resource]:
        """Somebody who comes back to hospital at an edge of what counts as that."""
        who, ended = self.some(*self.people), self.moment()
        gap = self.some(8 * HOUR, 8 * HOUR + MINUTE, 29.5 * DAY, 30 * DAY, 30 * DAY + HOUR)
        yield stay(self.name(), who, ended - 2 * DAY, 48, ward=self.some(*WARDS))
        yield stay(self.name(), who, ended + gap, 24, ward=self.some(*WARDS))

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
        ends = planned + self.some(2, 2, 100) * HOUR
        state = self.some("done", "done", "done", "not-done", "open", "open", "paused")
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
            "restriction": {"period": {"end": ends.isoformat()}},
        }  # fmt: skip
        if state in {"done", "open"}:
            given = planned + timedelta(
                seconds=self.some(0, 600, -3600, 3600, 3601, -3601, 4500, 9000)
            )
            made = {
                "resourceType": "MedicationAdministration", "id": f"a{name}",
                "status": self.some("completed", "completed", "completed", "entered-in-error"),
                "medicationCodeableConcept": {"text": "x"}, "subject": {"reference": f"Patient/{who}"},
                "context": {"reference": f"Encounter/{visit}"}, "effectiveDateTime": given.isoformat(),
                **({"extension": extension} if self.some(1, 1, 1, 0) else {}),
                **({"request": {"reference": f"MedicationRequest/of{name}"}} if self.some(1, 1, 0) else {}),
            }  # fmt: skip
            yield made
            if self.some(1, 0, 0):  # scanned again, or late
                again = given + timedelta(seconds=self.some(1, 40, 3000))
                yield {
                    **made,
                    "id": f"b{name}",
                    "status": "completed",
                    "effectiveDateTime": again.isoformat(),
                }

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

    def returned(self) -> Iterator[Resource]:
        """A visit, and somebody who comes back within minutes; with whom, not always the same."""
        made = {**self.visit(), "participant": [{"individual": {"reference": "Practitioner/a"}}]}
        left = datetime.fromisoformat(made["period"]["end"])
        again = {**made, "id": self.name(), "period": {
            "start": (left + self.some(-3, 5, 10, 11) * MINUTE).isoformat(), "end": (left + 20 * MINUTE).isoformat(),
        }}  # fmt: skip
        also = [{"individual": {"reference": f"Practitioner/{self.some('a', 'b')}"}}]
        yield from (made, {**again, "participant": self.some(made["participant"], also)})

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


__all__ = [
    "CUTS",
    "HOMES",
    "MINUTE",
    "MONTHS",
    "NIGHTS",
    "OWNED",
    "WARDS",
    "Region",
    "Resource",
    "given_out",
]
