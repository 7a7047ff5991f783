"""Many clients at once: nothing doubled, nothing lost, nothing skipped (INV-46, INV-48, INV-54)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from tests.surfaces.fhir_api.client import Answer, Client, bundle, entry, observation, patient

CLIENTS = 64
# At once at work, each with a connection: the server of the tests has 100 for all processes.
AT_WORK = 24


@pytest.fixture
def crowd() -> Iterator[Callable[[Callable[[int], Answer]], list[Answer]]]:
    """Lets all clients act, as many as may in the same moment."""
    pool = ThreadPoolExecutor(AT_WORK)

    def together(act: Callable[[int], Answer]) -> list[Answer]:
        start = threading.Barrier(AT_WORK)

        def one(number: int) -> Answer:
            try:
                if number < AT_WORK:
                    start.wait(timeout=30)
                return act(number)
            finally:
                connections.close_all()

        return list(pool.map(one, range(CLIENTS)))

    yield together
    pool.shutdown()


Crowd = Callable[[Callable[[int], Answer]], list[Answer]]


def test_parallel_conditional_creates_make_one_resource(api: Client, crowd: Crowd) -> None:
    def act(number: int) -> Answer:
        body = patient(
            identifier=[{"system": "urn:crowd", "value": "one"}],
            gender="male" if number % 2 else "female",
        )
        return api.post("Patient", body, If_None_Exist="identifier=urn:crowd|one")

    answers = crowd(act)
    assert sorted(answer.status for answer in answers) == [200] * (CLIENTS - 1) + [201]
    assert len({answer.json["id"] for answer in answers}) == 1
    assert api.get("Patient?identifier=urn:crowd|one").json["total"] == 1


def test_parallel_transactions_with_the_same_condition_make_one_resource(
    api: Client, crowd: Crowd
) -> None:
    def act(_: int) -> Answer:
        body = patient(identifier=[{"system": "urn:crowd", "value": "bundle"}])
        return api.post(
            "",
            bundle(
                "transaction",
                entry(
                    "POST",
                    "Patient",
                    body,
                    "urn:uuid:7fe5e8a5-8d0d-4a3e-8ee8-b7d0a6f5a6c1",
                    ifNoneExist="identifier=urn:crowd|bundle",
                ),
                entry(
                    "POST",
                    "Observation",
                    observation(
                        subject={"reference": "urn:uuid:7fe5e8a5-8d0d-4a3e-8ee8-b7d0a6f5a6c1"}
                    ),
                ),
            ),
        )

    assert {answer.status for answer in crowd(act)} == {200}
    (one,) = api.get("Patient?identifier=urn:crowd|bundle").ids
    assert api.get(f"Observation?subject=Patient/{one}&_summary=count").json["total"] == CLIENTS


def test_parallel_conditional_updates_make_one_resource(api: Client, crowd: Crowd) -> None:
    def act(_: int) -> Answer:
        body = patient(identifier=[{"system": "urn:crowd", "value": "update"}])
        return api.put("Patient?identifier=urn:crowd|update", body)

    answers = crowd(act)
    assert sorted(answer.status for answer in answers) == [200] * (CLIENTS - 1) + [201]
    assert sorted(int(answer.headers["etag"][3:-1]) for answer in answers) == list(
        range(1, CLIENTS + 1)
    )


def test_parallel_updates_under_one_id_are_all_versions(api: Client, crowd: Crowd) -> None:
    answers = crowd(lambda _: api.put("Patient/crowd-put", patient(id="crowd-put")))
    assert sorted(int(answer.headers["etag"][3:-1]) for answer in answers) == list(
        range(1, CLIENTS + 1)
    )
    assert sorted(answer.status for answer in answers) == [200] * (CLIENTS - 1) + [201]


def test_parallel_guarded_updates_lose_nothing(api: Client, crowd: Crowd) -> None:
    """Each client adds its own name to what it read, and tries again when it came too late."""
    api.put("Patient/crowd-match", patient(id="crowd-match", name=[{"family": "start"}]))

    def act(number: int) -> Answer:
        while True:
            read = api.get("Patient/crowd-match")
            body = read.json
            body["name"].append({"family": f"n{number}"})
            answer = api.put("Patient/crowd-match", body, If_Match=read.headers["etag"])
            if answer.status != 412:
                return answer

    assert {answer.status for answer in crowd(act)} == {200}
    final = api.get("Patient/crowd-match").json
    assert {name["family"] for name in final["name"]} == {
        "start",
        *(f"n{n}" for n in range(CLIENTS)),
    }
    assert final["meta"]["versionId"] == str(CLIENTS + 1)


def test_parallel_patches_are_all_applied(api: Client, crowd: Crowd) -> None:
    api.put("Patient/crowd-patch", patient(id="crowd-patch", name=[{"family": "start"}]))

    def act(number: int) -> Answer:
        patch = [{"op": "add", "path": "/name/-", "value": {"family": f"n{number}"}}]
        return api.patch("Patient/crowd-patch", patch)

    assert {answer.status for answer in crowd(act)} == {200}
    names = [name["family"] for name in api.get("Patient/crowd-patch").json["name"]]
    assert sorted(names) == sorted(["start", *(f"n{n}" for n in range(CLIENTS))])


def test_parallel_patches_in_transactions_are_all_applied(api: Client, crowd: Crowd) -> None:
    api.put("Patient/crowd-tx", patient(id="crowd-tx", name=[{"family": "start"}]))

    def act(number: int) -> Answer:
        name = {"family": f"n{number}"}
        parts = [
            {"name": "type", "valueCode": "add"},
            {"name": "path", "valueString": "Patient"},
            {"name": "name", "valueString": "name"},
            {"name": "value", "valueHumanName": name},
        ]
        parameters = {
            "resourceType": "Parameters",
            "parameter": [{"name": "operation", "part": parts}],
        }
        return api.post("", bundle("transaction", entry("PATCH", "Patient/crowd-tx", parameters)))

    assert {answer.status for answer in crowd(act)} == {200}
    assert len(api.get("Patient/crowd-tx").json["name"]) == CLIENTS + 1


def test_transactions_over_the_same_resources_in_any_order_all_come_through(
    api: Client, crowd: Crowd
) -> None:
    ids = [f"crowd-{number}" for number in range(6)]

    def act(number: int) -> Answer:
        turned = ids[number % 6 :] + ids[: number % 6]
        return api.post(
            "",
            bundle("transaction", *(entry("PUT", f"Patient/{i}", patient(id=i)) for i in turned)),
        )

    assert {answer.status for answer in crowd(act)} == {200}
    for identity in ids:
        assert api.get(f"Patient/{identity}").headers["etag"] == f'W/"{CLIENTS}"'


def test_a_reader_of_pages_sees_what_stood_at_the_first_page_once(api: Client) -> None:
    tag = {"meta": {"tag": [{"system": "urn:crowd", "code": "paging"}]}}
    for start in range(0, 300, 100):
        entries = [
            entry("PUT", f"Observation/pg-{n}", observation(id=f"pg-{n}", **tag))
            for n in range(start, start + 100)
        ]
        assert api.post("", bundle("transaction", *entries)).status == 200
    stop = threading.Event()

    def write(writer: int) -> None:
        number = writer
        while not stop.is_set():
            number = (number * 7 + 3) % 300
            api.put(f"Observation/pg-{number}", observation(id=f"pg-{number}", **tag))
            api.post("Observation", observation(**tag))
            api.delete(f"Observation/pg-{(number + 1) % 300}") if writer == 0 else None
        connections.close_all()

    first = api.get("Observation?_tag=urn:crowd|paging&_count=17")
    writers = [threading.Thread(target=write, args=(n,)) for n in range(3)]
    for writer in writers:
        writer.start()
    try:
        found, address = list(first.ids), first.link("next")
        versions = {"1"}
        while address is not None:
            page = api.get(address)
            assert page.status == 200, page.body
            found += page.ids
            versions |= {resource["meta"]["versionId"] for resource in page.resources}
            address = page.link("next")
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert len(found) == len(set(found))
    assert set(found) == {f"pg-{n}" for n in range(300)}
    assert versions == {"1"}  # as it stood, though others have meanwhile written over it
    assert int(api.get("Observation/pg-3").headers.get("etag", 'W/"2"')[3:-1]) > 1


def test_a_follower_of_the_history_misses_no_version(api: Client, crowd: Crowd) -> None:
    written: list[str] = []
    done = threading.Event()
    followed: set[str] = set()

    def follow() -> None:
        since = "2000-01-01"
        while True:
            last = done.is_set()
            address: str | None = f"Basic/_history?_since={since}&_count=50"
            while address is not None:
                page = api.get(address)
                assert page.status == 200, page.body
                for each in page.json.get("entry", []):
                    followed.add(each["fullUrl"] + each["response"]["etag"])
                    since = max(since, each["response"]["lastModified"])
                address = page.link("next")
            if last:
                connections.close_all()
                return

    def act(number: int) -> Answer:
        body = {"resourceType": "Basic", "id": f"f{number % 8}", "code": {"text": "x"}}
        for _ in range(3):
            answer = api.put(f"Basic/f{number % 8}", body)
            written.append(f"http://journal.test/fhir/Basic/f{number % 8}" + answer.headers["etag"])
        return answer

    follower = threading.Thread(target=follow)
    follower.start()
    crowd(act)
    done.set()
    follower.join(timeout=60)
    assert len(written) == len(set(written)) == 3 * CLIENTS
    assert set(written) == followed
