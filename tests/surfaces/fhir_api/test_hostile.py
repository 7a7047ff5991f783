"""INV-58: whatever is sent, the answer is an OperationOutcome with a fitting status."""

from __future__ import annotations

import io
import random
from typing import Any

import orjson
import psycopg
import pytest

from fellesjournal.access import records
from fellesjournal.surfaces.fhir_api import load
from tests.surfaces.fhir_api.client import Client, observation, patient

DEEP = 10_000
NARRATIVE = (
    b'{"resourceType":"Patient","text":{"status":"generated",'
    b'"div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\"%s>"}}'
)


def refused(answer: Any, *statuses: int) -> None:
    assert answer.status in (statuses or range(400, 500)), (answer.status, answer.body[:300])
    assert answer.json["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"null",
        b"1",
        b'"x"',
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"{'a':1}",
        b'{"resourceType":"Patient","resourceType":"Patient"}',
        b'{"resourceType":"Patient","name":[{"text":"a","text":"b"}]}',
        b'{"resourceType":"Patient","name":[{"text":"\\u0000"}]}',
        b'{"resourceType":"Patient","name":[{"text":"\\ud800"}]}',
        b'{"resourceType":"Patient","name":[{"text":"\\udc00\\ud800"}]}',
        b'{"resourceType":"Patient","na\\u0000me":1}',
        b'{"resourceType":"Patient","name":[{"text":"\x00"}]}',
        b'{"resourceType":"Patient","name":[{"text":"\xc3\x28"}]}',
        b'{"resourceType":"Patient","multipleBirthInteger":1e400}',
        b'{"resourceType":"Patient","multipleBirthInteger":NaN}',
        b'{"resourceType":"Patient","multipleBirthInteger":-Infinity}',
        b'{"resourceType":"Patient","multipleBirthInteger":123456789012345678901234567890}',
        b'{"resourceType":"Patient","multipleBirthInteger":' + b"9" * 10_000 + b"}",
        b'{"resourceType":"Patient","x":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b'{"resourceType":"Patient","contained":[' * 300 + b"]}" * 300,
        b'{"resourceType":"Patient","extension":[{"url":"a","extension":[' * 200 + b"]}]}" * 200,
        b'{"resourceType":"Patient"}{"resourceType":"Patient"}',
        b'{"resourceType":["Patient"]}',
        b'{"resourceType":{}}',
        b'{"resourceType":null}',
        b'{"resourceType":"Patient","id":{}}',
        b'{"resourceType":"Patient","meta":[]}',
        b'{"resourceType":"Patient","meta":"x"}',
        b'{"resourceType":"Patient","meta":{"tag":5}}',
        b'{"resourceType":"Patient","meta":{"versionId":5}}',
        NARRATIVE % b"><script>alert(1)</script></div",
        NARRATIVE % b' onclick=\\"x()\\">a</div',
        b'{"resourceType":"Patient","name":[null]}',
        b'{"resourceType":"Patient","name":[[]]}',
        b'{"resourceType":"Patient","name":{}}',
        b'{"resourceType":"Patient","birthDate":"0000-00-00"}',
        b'{"resourceType":"Patient","birthDate":"99999-01-01"}',
    ],
)
def test_a_broken_body_is_refused_wherever_it_is_sent(api: Client, body: bytes) -> None:
    refused(api.request("POST", "Patient", body), 400, 422)
    refused(api.request("PUT", "Patient/hostile", body), 400, 422)
    refused(api.request("POST", "", body), 400, 422)
    refused(api.request("PATCH", "Patient/hostile", body), 400, 404, 422)
    answer = api.request("POST", "Patient/$validate", body)
    assert answer.status in {200, 400}
    assert answer.json["resourceType"] == "OperationOutcome"
    assert any(issue["severity"] in {"error", "fatal"} for issue in answer.json["issue"])
    assert api.get("Patient/hostile").status == 404


@pytest.mark.parametrize(
    "document",
    [
        b"[1]",
        b"[{}]",
        b'[{"op":"explode","path":"/a"}]',
        b'[{"op":"add","path":"a","value":1}]',
        b'[{"op":"add","path":"/x"}]',
        b'[{"op":["add"],"path":"/x"}]',
        b'[{"op":"add","path":5,"value":1}]',
        b'[{"op":"move","path":"/a"}]',
        b'[{"op":"remove","path":"/nothing"}]',
        b'[{"op":"remove","path":""}]',
        b'[{"op":"replace","path":"","value":5}]',
        b'[{"op":"add","path":"/name/99","value":{}}]',
        b'[{"op":"add","path":"/name/-1","value":{}}]',
        b'[{"op":"add","path":"/name/01","value":{}}]',
        b'[{"op":"add","path":"/gender/x","value":1}]',
        b'[{"op":"test","path":"/gender","value":"x"}]',
        b'[{"op":"test","path":"/active/x","value":true}]',
        b'[{"op":"copy","from":"/name","path":"/name/0/x"}]',
        b'[{"op":"move","from":"/name","path":"/name/0"}]',
        b'[{"op":"replace","path":"/resourceType","value":"Observation"}]',
        b'[{"op":"replace","path":"/id","value":"x"}]',
        b'[{"op":"remove","path":"/resourceType"}]',
        b'[{"op":"add","path":"/~2","value":1}]',
        b'[{"op":"add","path":"/x","value":' + b"[" * DEEP + b"]" * DEEP + b"}]",
        b'[{"op":"add","path":"/x","value":1e999}]',
        b'[{"op":"add","path":"/name/0/text","value":"\\ud800"}]',
        b'[{"op":"add","path":"/name/0/text","value":"\\u0000"}]',
        b'[{"op":"add","path":"/multipleBirthInteger","value":123456789012345678901234567890}]',
        b'[{"op":"add","path":"/' + b"a/" * 5000 + b'","value":1}]',
    ],
)
def test_a_broken_patch_is_refused(api: Client, document: bytes) -> None:
    api.put("Patient/hp", patient(id="hp", name=[{"text": "a"}], gender="male", active=True))
    before = api.get("Patient/hp").body
    refused(
        api.request("PATCH", "Patient/hp", document, content_type="application/json-patch+json"),
        400,
        422,
    )
    assert api.get("Patient/hp").body == before


@pytest.mark.parametrize(
    "query",
    [
        "name=%",
        "name=%zz",
        "name=%ff%fe",
        "name=a%00b",
        "%00=1",
        "_count=-1",
        "_count=1e9",
        "birthdate=9999999-01-01",
        "birthdate=lt",
        "_lastUpdated=%F0%9F%98%80",
        "_sort=",
        "_sort=-",
        "_include=",
        "_include=:::",
        "_has:::=1",
        "_has=1",
        "name:exact:contains=1",
        "general-practitioner.name.x.y.z=1",
        "_filter=((((",
        "_filter=" + "(" * 5000,
        "_elements=",
        "_summary=x",
        "identifier=|",
        "identifier=a|b|c|d",
        "_id=",
        "_total=x",
        "_type=",
        "=",
        "=x",
        "name",
        "_list=%00",
        "birthdate=" + "1" * 10_000,
        "a" * 60_000 + "=1",
        "name=" + ",".join("a" * 5000),
        "_lastUpdated=0000",
        "link:Nonsense=1",
    ],
)
def test_a_broken_query_is_refused(api: Client, query: str) -> None:
    answer = api.get(f"Patient?{query}")
    refused(answer, 400, 413, 414, 422)


@pytest.mark.parametrize(
    "query",
    [
        "value-quantity=1e400",
        "value-quantity=1e-400",
        "value-quantity=" + "9" * 400,
        "value-quantity=NaN",
        "value-quantity=5||",
        "code-value-quantity=$",
        "code-value-quantity=a$b$c",
        "date=sa",
        "value-quantity=0x10",
        "combo-code-value-quantity=a$1e999",
    ],
)
def test_a_broken_number_is_refused(api: Client, query: str) -> None:
    assert api.get(f"Observation?{query}").status in {200, 400}


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"CONTENT_LENGTH": "abc"}, 400),
        ({"CONTENT_LENGTH": "-1"}, 400),
        ({"CONTENT_LENGTH": "1.5"}, 400),
        ({"CONTENT_LENGTH": "\u0661"}, 400),
        ({"CONTENT_LENGTH": "100"}, 400),
        ({"CONTENT_LENGTH": str(200 << 20)}, 413),
        ({"CONTENT_LENGTH": "9" * 30}, 400),
    ],
)
def test_half_and_misstated_requests_are_refused(
    api: Client, environ: dict[str, str], status: int
) -> None:
    refused(api.request("POST", "Patient", b'{"resourceType":"Patient"}', environ=environ), status)


class BrokenStream(io.BytesIO):
    """A connection that breaks while the body is read."""

    def read(self, size: int | None = -1) -> bytes:
        """Fail."""
        del size
        raise OSError("connection reset")


def test_a_connection_that_breaks_is_no_error_of_ours(api: Client) -> None:
    refused(api.request("POST", "Patient", b"{}", environ={"wsgi.input": BrokenStream()}), 400)


class Endless(io.BytesIO):
    """A chunked body that never ends."""

    given = 0

    def read(self, size: int | None = -1) -> bytes:
        """Blanks, as many as asked for."""
        assert size is not None
        assert size >= 0
        self.given += size
        return b" " * size


def test_an_endless_body_is_cut_off_at_the_limit(api: Client) -> None:
    stream = Endless()
    environ = {
        "CONTENT_LENGTH": "",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input_terminated": True,
        "wsgi.input": stream,
    }
    refused(api.request("POST", "Patient", b"", environ=environ), 413)
    assert stream.given <= load.limits().body_bytes + 1


def test_a_chunked_body_is_read_to_its_end(api: Client) -> None:
    environ = {
        "CONTENT_LENGTH": "",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input_terminated": True,
        "wsgi.input": io.BytesIO(orjson.dumps(patient())),
    }
    assert api.request("POST", "Patient", b"", environ=environ).status == 201


def test_a_zip_bomb_is_cut_off_at_the_limit(api: Client) -> None:
    import gzip  # noqa: PLC0415 - only here

    bomb = gzip.compress(b" " * (100 << 20), 9)
    refused(api.request("POST", "Patient", bomb, Content_Encoding="gzip"), 413)


def test_too_many_large_requests_at_once_are_put_off(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = load._gate()
    monkeypatch.setattr(load, "PATIENCE_SECONDS", 0.01)
    taken = 0
    while gate.acquire(blocking=False):
        taken += 1
    try:
        answer = api.request("POST", "Patient", b" " * load.LARGE)
        refused(answer, 429)
        assert "retry-after" in answer.headers
        assert api.post("Patient", patient()).status == 201
    finally:
        for _ in range(taken):
            gate.release()


def test_an_unforeseen_failure_gives_a_number_and_no_content(
    api: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: Any) -> Any:
        raise ValueError("Kari Nordmann 13116900216")

    monkeypatch.setattr(records, "read", fails)
    answer = api.get("Patient/x")
    assert answer.status == 500
    (issue,) = answer.json["issue"]
    assert "Kari" not in answer.body.decode() + caplog.text
    assert issue["diagnostics"].rpartition(" ")[2] in caplog.text
    assert "ValueError" in caplog.text


@pytest.mark.parametrize(
    ("error", "status", "attempts"),
    [
        (psycopg.errors.DeadlockDetected(), 409, 6),
        (psycopg.errors.SerializationFailure(), 409, 6),
        (psycopg.errors.QueryCanceled(), 503, 1),
        (psycopg.errors.NumericValueOutOfRange(), 400, 1),
        (psycopg.errors.AdminShutdown(), 503, 3),
        (psycopg.OperationalError("server closed the connection"), 503, 3),
        (psycopg.InterfaceError("closed"), 503, 6),
        (RecursionError(), 400, 1),
    ],
)
def test_trouble_of_the_database_is_tried_again_and_then_told(
    api: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, attempts: int
) -> None:
    calls = []

    def fails(*_: Any) -> Any:
        calls.append(1)
        raise error

    monkeypatch.setattr(records, "read", fails)
    refused(api.get("Patient/x"), status)
    assert len(calls) == attempts


@pytest.mark.parametrize(
    "name",
    [
        "If_Match",
        "If_None_Match",
        "If_Modified_Since",
        "Prefer",
        "Accept",
        "Accept_Encoding",
        "If_None_Exist",
    ],
)
def test_any_header_value_is_survived(api: Client, name: str) -> None:
    created = api.create(observation())
    chance = random.Random(name)
    for _ in range(40):
        value = "".join(
            chance.choice('W/"*,;=q01.-abc\xff\x00 \t%') for _ in range(chance.randrange(20))
        )
        for answer in (
            api.get(f"Observation/{created['id']}", **{name: value}),
            api.put("Observation/hh", observation(id="hh"), **{name: value}),
            api.post("Observation", observation(), **{name: value}),
            api.get("Observation?_count=1", **{name: value}),
        ):
            assert answer.status < 500, (value, answer.body)
