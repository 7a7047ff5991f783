"""Clients that write down what the platform acknowledged, and can prove it later."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

JSON = "application/fhir+json"


@dataclass(slots=True)
class Ledger:
    """``acknowledged``: (type, id, version) -> marker the version must carry, None for a delete.
    ``verified`` are those of earlier rounds. ``sets``: ids that one transaction wrote together, acknowledged or not.
    """

    acknowledged: dict[tuple[str, str, int], str | None] = field(default_factory=dict)
    sets: list[list[tuple[str, str]]] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    verified: dict[tuple[str, str, int], str | None] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Api:
    """A small FHIR client on one connection. Raises OSError when the platform is gone."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": JSON, "Accept": JSON}

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        """Status, headers in lower case, and the parsed body (None when empty)."""
        raw = None if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self.connection.request(method, "/fhir" + path, raw, self.headers | named)
            answer = self.connection.getresponse()
            content = answer.read()
        except http.client.HTTPException as error:
            self.connection.close()
            raise OSError(repr(error)) from error
        except OSError:
            self.connection.close()
            raise
        found = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, found, json.loads(content) if content else None

    def ask_patiently(self, method: str, path: str) -> tuple[int, Any]:
        """Ask again while the platform says 503 or is gone, for half a minute."""
        for _ in range(150):
            try:
                status, _, body = self.ask(method, path)
            except OSError:
                status, body = 503, None
            if status != 503:
                return status, body
            time.sleep(0.2)
        return status, body


def patient(fhir_id: str | None, marker: str, **members: Any) -> dict[str, Any]:
    """A patient who carries a marker as family name."""
    found: dict[str, Any] = {"resourceType": "Patient", "name": [{"family": marker}], **members}
    return found | ({"id": fhir_id} if fhir_id else {})


class Client(threading.Thread):
    """Writes at random until told to stop; whatever it is told goes into the ledger."""

    def __init__(
        self, port: int, token: str, ledger: Ledger, seed: int, stop: threading.Event
    ) -> None:
        super().__init__()
        self.port, self.token, self.ledger, self.stop = port, token, ledger, stop
        self.choice = random.Random(seed)
        self.mine: dict[str, int] = {}

    def run(self) -> None:
        """Go on through every interruption."""
        api = Api(self.port, self.token)
        while not self.stop.is_set():
            try:
                self.choice.choice(
                    [self.create, self.update, self.transact, self.delete, self.once]
                )(api)
            except OSError:
                self.stop.wait(0.05)
        api.close()

    def note(self, type_name: str, fhir_id: str, version: int, marker: str | None) -> None:
        """An acknowledged write."""
        with self.ledger.lock:
            self.ledger.acknowledged[type_name, fhir_id, version] = marker

    def note_refusal(self, what: str, status: int, body: Any) -> None:
        """Something the platform should not have answered."""
        if status != 503:  # the database is away: refused, and said so
            with self.ledger.lock:
                self.ledger.refused.append(f"{what}: {status} {body}")

    def create(self, api: Api) -> None:
        """POST: a new resource."""
        marker = uuid.uuid4().hex
        status, headers, body = api.ask("POST", "/Patient", patient(None, marker))
        if status == 201:
            fhir_id = headers["location"].split("/Patient/")[1].split("/")[0]
            self.note("Patient", fhir_id, 1, marker)
            self.mine[fhir_id] = 1
        else:
            self.note_refusal("create", status, body)

    def update(self, api: Api) -> None:
        """PUT with If-Match: the next version of one of mine."""
        if not self.mine:
            return
        fhir_id = self.choice.choice(list(self.mine))
        version = self.mine.pop(fhir_id)  # unknown until acknowledged
        marker = uuid.uuid4().hex
        status, _, body = api.ask(
            "PUT", f"/Patient/{fhir_id}", patient(fhir_id, marker), If_Match=f'W/"{version}"'
        )
        if status == 200:
            self.note("Patient", fhir_id, version + 1, marker)
            self.mine[fhir_id] = version + 1
        else:
            self.note_refusal("update", status, body)

    def delete(self, api: Api) -> None:
        """DELETE one of mine, now and then."""
        if len(self.mine) < 5 or self.choice.random() < 0.7:
            return
        fhir_id = self.choice.choice(list(self.mine))
        version = self.mine.pop(fhir_id)
        status, _, body = api.ask("DELETE", f"/Patient/{fhir_id}")
        if status in {200, 204}:
            self.note("Patient", fhir_id, version + 1, None)
        else:
            self.note_refusal("delete", status, body)

    def transact(self, api: Api) -> None:
        """A transaction of five resources that refer to each other."""
        marker = uuid.uuid4().hex
        ids = [f"{marker}-{n}" for n in range(5)]
        entries = [
            {
                "resource": patient(ids[0], marker),
                "request": {"method": "PUT", "url": f"Patient/{ids[0]}"},
            }
        ]
        entries += [
            {
                "resource": {
                    "resourceType": "Observation", "id": fhir_id, "status": "final",
                    "code": {"text": marker}, "subject": {"reference": f"Patient/{ids[0]}"},
                },
                "request": {"method": "PUT", "url": f"Observation/{fhir_id}"},
            }
            for fhir_id in ids[1:]
        ]  # fmt: skip
        with self.ledger.lock:
            self.ledger.sets.append(
                [("Patient", ids[0]), *(("Observation", name) for name in ids[1:])]
            )
        status, _, body = api.ask(
            "POST", "", {"resourceType": "Bundle", "type": "transaction", "entry": entries}
        )
        if status == 200:
            self.note("Patient", ids[0], 1, marker)
            for name in ids[1:]:
                self.note("Observation", name, 1, marker)
        else:
            self.note_refusal("transaction", status, body)

    def once(self, api: Api) -> None:
        """A conditional create, asked again after a lost answer."""
        value = uuid.uuid4().hex
        with self.ledger.lock:
            self.ledger.identifiers.append(value)
        identifier = [{"system": "urn:test:once", "value": value}]
        for _ in range(2):
            try:
                status, _, body = api.ask(
                    "POST", "/Patient", patient(None, value, identifier=identifier),
                    If_None_Exist=f"identifier=urn:test:once|{value}",
                )  # fmt: skip
            except OSError:
                self.stop.wait(0.05)
                continue
            if status not in {200, 201}:
                self.note_refusal("conditional create", status, body)
