"""Bodies keep their bytes; hostile ones are refused with a place."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import BadRequest


def exact(raw: bytes) -> Any:
    """JSON with decimals and big integers as they were spelt."""
    return json.loads(raw, parse_float=Decimal, parse_int=str)


def stored(raw: bytes, fhir_id: str = "x") -> bytes:
    before, after = bodies.split(bodies.parse(raw).raw, fhir_id)
    return before + bodies.stamp(3, 1 << 50) + after


def without_server_meta(resource: dict[str, Any]) -> dict[str, Any]:
    meta = {
        key: value
        for key, value in resource.get("meta", {}).items()
        if key not in {"versionId", "lastUpdated"}
    }
    rest = {key: value for key, value in resource.items() if key not in {"id", "meta"}}
    return rest | ({"meta": meta} if meta else {})


def test_digits_escapes_and_order_survive() -> None:
    raw = b'{"resourceType":"Basic", "z":1.00, "y":12345678901234567890123, "x":1e2, "w":"\\u00e6\xc3\xa6\\/", "a":{}}'

    out = stored(raw)

    assert b'"z":1.00,"y":12345678901234567890123,"x":1e2,"w":"\\u00e6\xc3\xa6\\/","a":{}' in out


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers(-(2**60), 2**60)
            | st.text(max_size=8)
            | st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.text(max_size=4), inner, max_size=3)
            ),
            max_leaves=12,
        ),
        max_size=6,
    )
)
def test_everything_but_the_servers_own_members_comes_back(members: dict[str, Any]) -> None:
    members.pop("meta", None)
    raw = json.dumps({"resourceType": "Basic", **members}).encode("utf-8", "surrogatepass")
    assert without_server_meta(exact(stored(raw))) == without_server_meta(exact(raw))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "not JSON"),
        (b"[]", "a JSON object"),
        (b"null", "a JSON object"),
        (b'{"a":1,"a":1}', "'a' is there twice"),
        (b'{"a":{"b":1.0,"b":1.00}}', "'b' is there twice"),
        (b'{"a":"\\u0062","\\u0061":1}', "'a' is there twice"),
        (b'{"a":1e400}', "not JSON"),
        (b'{"a":NaN}', "not JSON"),
        (b'{"a":"\\ud800"}', "not JSON"),
        (b'{"a":"\xff"}', "not JSON"),
        (b'{"a":1}{"a":1}', "not JSON"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "nested deeper"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "not JSON"),
        (b'{"a":01}', "not JSON"),
        (b'{"a":"\x00"}', "not JSON"),
    ],
)
def test_what_is_not_one_clean_object_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        bodies.parse(raw)


def test_the_clients_version_is_not_believed() -> None:
    out = json.loads(
        stored(
            b'{"resourceType":"Basic","meta":{"versionId":"9","lastUpdated":"2001-01-01T00:00:00Z","profile":["p"]}}'
        )
    )

    assert out["meta"] == {
        "versionId": "3",
        "lastUpdated": bodies.last_updated(1 << 50),
        "profile": ["p"],
    }


def test_the_id_of_the_address_replaces_another_in_the_body() -> None:
    assert json.loads(stored(b'{"id":"other","resourceType":"Basic"}', "mine"))["id"] == "mine"


def test_commit_numbers_and_instants_agree() -> None:
    instant = datetime(2026, 3, 29, 1, 0, 0, 123456, tzinfo=UTC)

    seq = bodies.seq_at(instant)

    assert bodies.seq_time(seq) == instant
    assert bodies.last_updated(seq) == "2026-03-29T01:00:00.123Z"


def test_all_official_examples_keep_their_meaning(shared_data: Path) -> None:
    for file in sorted((shared_data / "fhir-r4-examples").glob("*.json")):
        raw = file.read_bytes()
        assert without_server_meta(exact(stored(raw))) == without_server_meta(exact(raw)), file.name


_INNER = ['"meta"', '{"id":"inner","meta":{}}', '[{"id":"y"}]', '{"versionId":"9"}']
_METAS = [
    "{}",
    '{"versionId":"7"}',
    '{"profile":["p"],"lastUpdated":"then","tag":[]}',
    '{"_lastUpdated":{}}',
    '{"source":"a"}',
    '{"v\\u0065rsionId":"8"}',
]
_MEMBERS = st.tuples(
    st.sampled_from(["", '"id":"old"', '"i\\u0064":"old"']),
    st.sampled_from(
        ["", *(f'"{name}":{meta}' for name in ("meta", "m\\u0065ta") for meta in _METAS)]
    ),
    st.sampled_from(["", *(f'"text":{inner}' for inner in _INNER)]),
)


@given(_MEMBERS.flatmap(st.permutations), st.booleans())
def test_a_body_is_split_in_one_way_however_it_begins(members: list[str], is_first: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    said = [member for member in members if member]
    said.insert(0 if is_first else len(said), '"resourceType":"Basic"')
    raw = f"{{{','.join(said)}}}".encode()
    quickly, at_length = bodies.split(raw, "n"), bodies._split_any(raw, "n")
    if b"\\u" in raw:  # the long way writes keys without escapes
        stamp = b'"versionId":"1"'
        assert json.loads(stamp.join(quickly)) == json.loads(stamp.join(at_length))
    else:
        assert quickly == at_length
