"""Pointers are found and rewritten in the bytes, and nothing else is touched."""

from __future__ import annotations

import pytest

from fellesjournal.fhir import references
from fellesjournal.fhir.references import Local

NAMES = {"urn:uuid:1": "Patient/new", "urn:uuid:2": "Observation/new"}


def test_references_uris_and_links_are_rewritten() -> None:
    raw = (
        b'{"subject":{"reference":"urn:uuid:1"},"valueUri":"urn:uuid:2",'
        b'"text":{"div":"<div><a href=\\"urn:uuid:1\\">x</a></div>"}}'
    )

    assert references.rewrite(raw, NAMES.get) == (
        b'{"subject":{"reference":"Patient/new"},"valueUri":"Observation/new",'
        b'"text":{"div":"<div><a href=\\"Patient/new\\">x</a></div>"}}'
    )


def test_plain_strings_that_look_like_pointers_stay() -> None:
    raw = b'{"identifier":[{"value":"urn:uuid:1"}],"display":"\\"reference\\":\\"urn:uuid:1\\"","note":"urn:uuid:1"}'

    assert references.rewrite(raw, NAMES.get) == raw


def test_targets_are_the_references_as_meant_not_as_escaped() -> None:
    assert references.targets(
        b'{"a":{"reference":"Patient\\/1"},"b":[{"reference":"#x"}],"url":"u"}'
    ) == {
        "Patient/1",
        "#x",
    }


@pytest.mark.parametrize(
    ("reference", "meant"),
    [
        ("Patient/1", Local("Patient", "1")),
        ("Patient/1/_history/3", Local("Patient", "1", "3")),
        ("https://x.test/fhir/Patient/1", Local("Patient", "1", None, "https://x.test/fhir")),
        ("Patient/1#part", Local("Patient", "1")),
        ("Nonsense/1", None),
        ("Patient/", None),
        ("Patient/not valid", None),
        ("#contained", None),
        ("urn:uuid:1", None),
        ("Patient?identifier=1", None),
        ("", None),
    ],
)
def test_a_local_reference_is_a_type_and_an_id(reference: str, meant: Local | None) -> None:
    assert references.local(reference) == meant


def test_a_conditional_reference_is_a_type_and_a_query() -> None:
    assert references.conditional("Practitioner?identifier=a|b") == (
        "Practitioner",
        "identifier=a|b",
    )
    assert references.conditional("Practitioner/1") is None
    assert references.conditional("Nonsense?x=1") is None
