"""The citizen's blocks: what she chose is what holds, and never less."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.access.blocks.derive import (
    RESOURCE_TYPES_SYSTEM,
    Block,
    block_problems,
    blocks_of,
    consent_of,
)
from fellesjournal.access.policy.areas import ABOUT_PATIENTS, AREA_SYSTEM, Area
from fellesjournal.fhir.validation import validate

Json = dict[str, Any]
AT = datetime(2026, 5, 4, 8, 15, tzinfo=UTC)
NURSE, WARD = ("Practitioner", "nurse"), ("Organization", "ward")

IDS = st.from_regex(r"[A-Za-z0-9\-.]{1,64}", fullmatch=True)
HOLDERS = st.tuples(
    st.sampled_from(("Practitioner", "PractitionerRole", "Organization", "CareTeam")), IDS
)
MOMENTS = st.none() | st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)
PERIODS = st.tuples(MOMENTS, MOMENTS).filter(
    lambda period: period[0] is None or period[1] is None or period[0] < period[1]
)
AREAS = st.sets(st.sampled_from([area for area in Area if area in ABOUT_PATIENTS]), min_size=1)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    all_but = draw(st.booleans())
    listed = draw(st.lists(HOLDERS, min_size=0 if all_but else 1, max_size=4, unique=True))
    starts, ends = draw(PERIODS)
    care_from, care_to = draw(PERIODS)
    areas = Area(0)
    for area in draw(AREAS | st.just({ABOUT_PATIENTS})):
        areas |= area
    return Block(
        holders=tuple(listed),
        all_but=all_but,
        starts=starts,
        ends=ends,
        areas=areas,
        resource=draw(st.none() | st.tuples(st.just("DocumentReference"), IDS)),
        care_from=care_from,
        care_to=care_to,
    )


def consent(*denied: Json, **changes: Any) -> Json:
    """An active privacy consent with these provisions nested in its root."""
    whole = consent_of(Block((NURSE,)), "Patient/1", by="Patient/1", at=AT)
    return {**whole, "provision": {"provision": list(denied)}, **changes}


def deny(*actors: str, **more: Any) -> Json:
    return {"type": "deny", "actor": [actor(name) for name in actors], **more}


def actor(reference: str, role: str = "PRCP") -> Json:
    system = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
    return {
        "role": {"coding": [{"system": system, "code": role}]},
        "reference": {"reference": reference},
    }


@given(blocks())
def test_a_choice_written_as_consent_is_read_back_as_it_was(block: Block) -> None:
    written = consent_of(block, "Patient/1", by="RelatedPerson/2", at=AT)

    assert blocks_of(written) == [block]
    assert block_problems(written) == []
    # by way of the bytes on the wire
    assert blocks_of(json.loads(json.dumps(written))) == [block]


@given(blocks())
def test_the_consent_of_a_choice_is_valid_fhir(block: Block) -> None:
    names = dict.fromkeys(block.holders, "Benedikte Osvoll")

    written = consent_of(block, "Patient/1", by="Patient/1", at=AT, names=names)

    assert validate(written) == []
    assert written["patient"] == written["performer"][0] == {"reference": "Patient/1"}


def test_a_person_a_unit_and_an_organisation_are_shut_out_by_reference() -> None:
    shut_out = deny("Practitioner/nurse", "PractitionerRole/r", "Organization/ward")

    assert blocks_of(consent(shut_out)) == [
        Block((NURSE, ("PractitionerRole", "r"), WARD)),
    ]


def test_all_but_those_listed() -> None:
    rule = {"type": "deny", "provision": [{"type": "permit", "actor": [actor("Practitioner/gp")]}]}

    assert blocks_of(consent(rule)) == [Block((("Practitioner", "gp"),), all_but=True)]


def test_nobody_at_all() -> None:
    assert blocks_of(consent({"type": "deny"})) == [Block((), all_but=True)]


def test_a_document_each_is_a_block_of_its_own() -> None:
    data = [
        {"meaning": "instance", "reference": {"reference": f"DocumentReference/{key}"}}
        for key in "ab"
    ]

    assert [block.resource for block in blocks_of(consent(deny("Practitioner/nurse", data=data)))] == [
        ("DocumentReference", "a"),
        ("DocumentReference", "b"),
    ]  # fmt: skip


def test_a_resource_type_counts_as_its_whole_area() -> None:
    classes = [
        {"system": RESOURCE_TYPES_SYSTEM, "code": "MedicationRequest"},
        {"system": AREA_SYSTEM, "code": "documents"},
    ]
    rule = deny("Practitioner/nurse", **{"class": classes})

    assert blocks_of(consent(rule))[0].areas == Area.MEDICATION | Area.DOCUMENTS


def test_one_unknown_kind_of_information_makes_the_block_cover_all() -> None:
    classes = [{"system": AREA_SYSTEM, "code": "health"}, {"system": AREA_SYSTEM, "code": "new"}]
    rule = deny("Practitioner/nurse", **{"class": classes})

    assert blocks_of(consent(rule)) == [Block((NURSE,))]


def test_days_of_a_period_are_norwegian_days_to_their_end() -> None:
    rule = deny(
        "Practitioner/nurse",
        period={"start": "2026-01-01", "end": "2026-06-30"},
        dataPeriod={"start": "2020"},
    )
    (block,) = blocks_of(consent(rule))

    assert (block.starts, block.ends) == (
        datetime(2025, 12, 31, 23, tzinfo=UTC),
        datetime(2026, 6, 30, 22, tzinfo=UTC),
    )
    assert (block.care_from, block.care_to) == (datetime(2019, 12, 31, 23, tzinfo=UTC), None)


def test_several_choices_in_one_consent_all_hold() -> None:
    whole = consent(deny("Practitioner/nurse"), deny("Organization/ward"))

    assert [block.holders for block in blocks_of(whole)] == [(NURSE,), (WARD,)]


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "inactive"},
        {"status": "entered-in-error"},
        {"status": "draft"},
        {"scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope",
                               "code": "research"}]}},
        {"resourceType": "Contract"},
    ],
)  # fmt: skip
def test_only_an_active_privacy_consent_blocks(changes: Json) -> None:
    assert blocks_of(consent(deny("Practitioner/nurse"))) != []
    assert blocks_of(consent(deny("Practitioner/nurse"), **changes)) == []
    assert block_problems(consent(deny("Practitioner/x", purpose=[{}]), **changes)) == []


def test_a_permit_is_no_block() -> None:
    rule = {"type": "permit", "actor": [actor("RelatedPerson/1")]}

    assert blocks_of(consent(rule)) == []
    assert blocks_of(consent(provision=rule)) == []


def test_what_denies_only_correcting_blocks_no_reading() -> None:
    def action(*codes: str) -> list[Json]:
        system = "http://terminology.hl7.org/CodeSystem/consentaction"
        return [{"coding": [{"system": system, "code": code}]} for code in codes]

    assert blocks_of(consent(deny("Practitioner/nurse", action=action("correct")))) == []
    assert len(blocks_of(consent(deny("Practitioner/nurse", action=action("correct", "use"))))) == 1
    assert len(blocks_of(consent(deny("Practitioner/nurse", action=[{"text": "se"}])))) == 1


def test_an_exception_inherits_what_it_does_not_say() -> None:
    root = {
        "type": "permit",
        "actor": [actor("Organization/ward")],
        "provision": [{"type": "deny", "class": [{"system": AREA_SYSTEM, "code": "health"}]}],
    }

    assert blocks_of(consent(provision=root)) == [Block((WARD,), areas=Area.HEALTH)]


OPT_OUT = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTOUT"}]
}


@pytest.mark.parametrize(
    "provision",
    [
        {"provision": [{"type": "permit", "actor": [actor("Practitioner/gp")]}]},
        {"type": "permit", "actor": [actor("Practitioner/gp")]},
        {"type": "deny", "provision": [{"actor": [actor("Practitioner/gp")]}]},
    ],
)
def test_who_opts_out_of_sharing_shuts_out_all_but_those_permitted(provision: Json) -> None:
    whole = consent(policyRule=OPT_OUT, provision=provision)

    assert blocks_of(whole) == [Block((("Practitioner", "gp"),), all_but=True)]


def test_who_opts_out_without_a_provision_shuts_out_everybody() -> None:
    whole = consent(policyRule=OPT_OUT)
    del whole["provision"]

    assert blocks_of(whole) == [Block((), all_but=True)]


CAN_NOT_BE_ENFORCED: dict[str, tuple[Json, Block, str]] = {
    "a purpose": (
        deny("Practitioner/nurse", purpose=[{"system": "s", "code": "ETREAT"}]),
        Block((NURSE,)),
        "purpose",
    ),
    "a code": (
        deny("Practitioner/nurse", code=[{"text": "blood pressure"}]),
        Block((NURSE,)),
        "code",
    ),
    "a label": (
        deny("Practitioner/nurse", securityLabel=[{"system": "s", "code": "PSY"}]),
        Block((NURSE,)),
        "securityLabel",
    ),
    "an author": (
        {"type": "deny", "actor": [actor("Practitioner/nurse", "AUT")]},
        Block((), all_but=True),
        "actor[0]",
    ),
    "an actor elsewhere": (
        deny("Practitioner/nurse", "http://elsewhere.test/fhir/Practitioner/1"),
        Block((), all_but=True),
        "actor[1]",
    ),
    "an unknown class": (
        deny("Practitioner/nurse", **{"class": [{"system": "urn:ietf:bcp:13", "code": "x/y"}]}),
        Block((NURSE,)),
        "class[0]",
    ),
    "related data": (
        deny(
            "Practitioner/nurse",
            data=[{"meaning": "related", "reference": {"reference": "Task/1"}}],
        ),
        Block((NURSE,)),
        "data[0]",
    ),
    "an exception from a listed unit": (
        deny(
            "Organization/ward",
            provision=[{"type": "permit", "actor": [actor("Practitioner/nurse")]}],
        ),
        Block((WARD,)),
        "provision[0]",
    ),
    "a conditional exception": (
        {
            "type": "deny",
            "provision": [
                {
                    "type": "permit",
                    "actor": [actor("Practitioner/gp")],
                    "period": {"end": "2027"},
                }
            ],
        },
        Block((), all_but=True),
        "provision[0]",
    ),
}


@pytest.mark.parametrize(
    ("rule", "wide", "place"), CAN_NOT_BE_ENFORCED.values(), ids=list(CAN_NOT_BE_ENFORCED)
)
def test_what_cannot_be_enforced_blocks_more_and_is_refused_at_its_place(
    rule: Json, wide: Block, place: str
) -> None:
    whole = consent(rule)

    assert blocks_of(whole) == [wide]
    assert [issue.expression for issue in block_problems(whole)] == [
        (f"Consent.provision.provision[0].{place}",)
    ]


def test_an_unreadable_time_blocks_longer() -> None:
    (block,) = blocks_of(consent(deny("Practitioner/nurse", period={"end": "soon"})))

    assert (block.starts, block.ends) == (None, None)


@pytest.mark.parametrize(
    "block",
    [
        Block(()),
        Block((NURSE,), areas=Area(0)),
        Block((NURSE,), areas=Area.DIRECTORY),
        Block((NURSE,), starts=AT, ends=AT),
        Block((NURSE,), care_from=AT, care_to=AT),
    ],
)
def test_a_block_of_nobody_or_nothing_is_refused(block: Block) -> None:
    with pytest.raises(ValueError, match="block"):
        consent_of(block, "Patient/1", by="Patient/1", at=AT)


@pytest.mark.parametrize(
    "provision",
    [None, [], "x", {"type": 3}, {"provision": [None, 1]}, {"provision": {}},
     {"type": "deny", "actor": {}, "class": "x", "data": [1], "period": []}],
)  # fmt: skip
def test_strange_shapes_are_read_without_a_crash(provision: Any) -> None:
    whole = consent(provision=provision)

    blocks_of(whole)
    block_problems(whole)


def test_the_official_example_against_an_organisation_blocks_it(shared_data: Path) -> None:
    folder = shared_data / "fhir-r4-examples"
    example = json.loads((folder / "Consent-consent-example-notOrg.json").read_bytes())

    assert blocks_of(example) == [Block((("Organization", "f001"),))]
    assert block_problems(example) == []
