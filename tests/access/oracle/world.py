"""A population in the record, and somebody at the API for each who may ask."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson

from fellesjournal.access.citizens import citizen
from fellesjournal.access.labels import Label
from fellesjournal.access.openings import break_glass, extra_step
from fellesjournal.access.sessions import Session, staff_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import NotAllowed, NotFound
from fellesjournal.foundation import clock
from tests.access.oracle.evaluator import Citizen, Staff, Truth, seen_by
from tests.access.oracle.population import NOW, Opening, Population, Worker
from tests.staff import SYSTEM
from tests.surfaces.fhir_api.client import Answer, Client

Json = dict[str, Any]
SESSIONS: dict[str, Session] = {}
"""Who asks, by the token that stands for her; see conftest.py."""


@dataclass
class Asking:
    """Somebody at the API, and what the independent evaluator lets her see."""

    name: str
    session: Session
    rules: Staff | Citizen
    truth: Truth
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        SESSIONS[self.name] = self.session
        self.client = Client(self.name)
        self.look_again()

    def look_again(self) -> None:
        """Evaluate anew, after something was written."""
        self.seen = seen_by(self.truth, self.rules)

    @property
    def current(self) -> set[str]:
        """What stands and may be seen, as ``Type/id``."""
        return {
            key for key, versions in self.seen.items()
            if versions and self.truth.versions[key][-1] is not None
        }  # fmt: skip

    def of_type(self, name: str) -> set[str]:
        """The same of one type."""
        return {key for key in self.current if key.startswith(name + "/")}


class World:
    """The record and, beside it, what it holds."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self.truth = Truth()
        for step in population.steps:
            self.apply(step)
        for opening in population.openings:
            self._open(opening)

    def apply(self, step: Json | tuple[str, str]) -> None:
        """Write or delete as the platform itself."""
        if isinstance(step, tuple):
            write(SYSTEM, [Operation("delete", step[0], id=step[1])])
            self.truth.versions["/".join(step)].append(None)
            return
        body = bodies.parse(orjson.dumps(step))
        write(SYSTEM, [Operation("update", step["resourceType"], id=step["id"], body=body)])
        self.truth.versions.setdefault(f"{step['resourceType']}/{step['id']}", []).append(step)

    def _open(self, opening: Opening) -> None:
        worker = next(w for w in self.population.workers if w.name == opening.worker)
        with clock.at(NOW - timedelta(minutes=opening.minutes_ago)):
            try:
                if opening.kind == 1:
                    made = break_glass(
                        session_of(worker), opening.patient, "danger", "in great danger"
                    )
                    self.truth.unjudged.add(f"Task/{made.task}")
                else:
                    labels = Label(0)
                    for name in opening.labels:
                        labels |= Label[name]
                    extra_step(session_of(worker), opening.patient, labels, "needed-now")
            except (NotAllowed, NotFound):
                return
        self.truth.openings.append(opening)

    def staff(self) -> list[Asking]:
        """Everybody at work."""
        return [
            Asking(worker.name, session_of(worker), Staff(self.truth, worker), self.truth)
            for worker in self.population.workers
        ]

    def citizens(self) -> list[Asking]:
        """Those who may act, in the record they have open."""
        rules = [Citizen(self.truth, *pair) for pair in self.population.citizens]
        return [
            Asking(f"{rule.person}-as-{rule.subject}", citizen(rule.person, rule.subject), rule, self.truth)
            for rule in rules
            if rule.allowed
        ]  # fmt: skip


def session_of(worker: Worker) -> Session:
    """The session of a member of staff."""
    return staff_session(
        practitioner=f"Practitioner/{worker.name}",
        role_id=f"{worker.name}-role",
        role=worker.code,
        unit=f"Organization/{worker.unit}",
    )


def references(resources: Iterable[Json]) -> list[str]:
    """``Type/id`` of each resource, outcomes left out."""
    return [
        f"{each['resourceType']}/{each['id']}"
        for each in resources
        if each["resourceType"] != "OperationOutcome"
    ]


def pages(client: Client, address: str) -> list[Answer]:
    """All pages of a search, history or operation."""
    found = [client.get(address)]
    while found[-1].status == 200 and (following := found[-1].link("next")):
        found.append(client.get(following))
        assert len(found) < 500
    return found


_RANDOM = (
    (re.compile(rb"_page=[A-Za-z0-9_-]+"), b"_page=_"),  # encrypted anew each time
    (
        re.compile(
            rb'("resourceType":"Bundle","id":")[0-9a-f-]{36}(","meta":\{"lastUpdated":")[^"]+'
        ),
        rb"\1_\2_",
    ),
)


def plain(answer: Answer) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """An answer without what is drawn anew for each request."""
    body = answer.body
    for pattern, instead in _RANDOM:
        body = pattern.sub(instead, body)
    headers = {k: v for k, v in answer.headers.items() if k not in {"date", "content-length"}}
    # an answer is compressed from a certain size on, which the length of an encrypted link may tip
    headers["vary"] = headers.get("vary", "").replace("Accept-Encoding, ", "")
    return answer.status, tuple(sorted(headers.items())), body
