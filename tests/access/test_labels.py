"""Labels: every code of a list we know has its effect, and none is taken for harmless."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.access.labels import (
    ACT_CODE,
    ADDRESS_PROTECTION,
    BLOCKED_FOR_STAFF,
    CONFIDENTIALITY,
    DELAYED,
    HIDDEN_FROM_CITIZEN,
    HIDDEN_FROM_PARENTS,
    HIDDEN_FROM_YOUTH,
    LABEL_DETAILS,
    PROTECTED_ADDRESS,
    SPECIAL,
    SPECIAL_CATEGORY,
    VISIBILITY,
    Label,
    label_coding,
    label_of,
    label_problems,
    labels_of,
    releases_of,
)
from fellesjournal.demo import people, terms
from fellesjournal.fhir.definitions import standard_terminology
from fellesjournal.fhir.validation import validate

# norway.md section 11, as the list stands there.
CODES_9603 = (
    "N", "NORN_FFL", "NORN_KUT", "NORN_EPO", "NORN_ALL", "NORN_FOR", "NORN_FORANS", "NORN_UNGDOM",
    "NORN_FFH", "NORN_FPB", "NORN_DUP", "NORN_ANG", "NORU", "NORS",
)  # fmt: skip
TOLD = datetime(2026, 5, 4, 8, 15, tzinfo=UTC)
UNTIL = datetime(2026, 5, 11, 22, tzinfo=UTC)
Json = dict[str, Any]


def labelled(*codings: Json) -> Json:
    return {"resourceType": "Observation", "meta": {"security": list(codings)}}


def coded(system: str, code: str) -> Json:
    return labelled({"system": system, "code": code})


def full(code: str, **changes: Any) -> Json:
    """A complete label of 9603; a change to None leaves the part out."""
    parts: Json = {"author": "Practitioner/1", "reason": "weighty", "time": TOLD, "until": UNTIL,
                   "owner": "PractitionerRole/2"}  # fmt: skip
    coding = label_coding(code, **parts)
    listed = coding["extension"][0]["extension"]
    for name, value in changes.items():
        listed[:] = [part for part in listed if part["url"] != name]
        if value is not None:
            listed.append({"url": name, "valueDateTime": value})
    return coding


@pytest.mark.parametrize("code", CODES_9603)
def test_every_visibility_code_has_its_own_bit(code: str) -> None:
    expected = Label.NORMAL if code == "N" else Label[code]

    assert labels_of(coded(VISIBILITY, code)) == expected
    assert label_of("http://helsenorge.no/fhir/CodeSystem/no-kodeverk-9603.codesystem", code) == (
        expected
    )


@pytest.mark.parametrize("code", ["NORN", "NORN_NEW", "n", "", "NORMAL", "SEVERAL_PATIENTS"])
def test_an_unknown_visibility_hides_from_citizens_and_is_refused(code: str) -> None:
    data = coded(VISIBILITY, code)

    assert labels_of(data) == Label.UNKNOWN_VISIBILITY
    assert labels_of(data) & HIDDEN_FROM_CITIZEN
    assert [issue.expression for issue in label_problems(data)] == [
        ("Observation.meta.security[0].code",)
    ]


@pytest.mark.parametrize(
    ("system", "code", "label"),
    [
        (ACT_CODE, "PSY", Label.PSY),
        (ACT_CODE, "PSYTHPN", Label.PSY),
        (ACT_CODE, "SEX", Label.SEX),
        (ACT_CODE, "HIV", Label.SEX),
        (ACT_CODE, "SDV", Label.VIOLENCE),
        (ACT_CODE, "VIO", Label.VIOLENCE),
        (ACT_CODE, "ETH", Label.RESTRICTED),
        (ACT_CODE, "TBOO", Label.RESTRICTED),
        (CONFIDENTIALITY, "R", Label.RESTRICTED),
        (CONFIDENTIALITY, "V", Label.RESTRICTED),
        (CONFIDENTIALITY, "PSY", Label.PSY),
        (CONFIDENTIALITY, "new", Label.RESTRICTED),
        (SPECIAL_CATEGORY, "child-protection", Label.CHILD),
        (SPECIAL_CATEGORY, "new", Label.RESTRICTED),
        (ADDRESS_PROTECTION, "fortrolig", Label.PROTECTED_ADDRESS_7),
        (ADDRESS_PROTECTION, "strengtFortrolig", Label.PROTECTED_ADDRESS_6),
        (ADDRESS_PROTECTION, "new", Label.PROTECTED_ADDRESS_6),
    ],
)
def test_special_categories_by_code(system: str, code: str, label: Label) -> None:
    assert labels_of(coded(system, code)) == label
    assert label & SPECIAL == label


@pytest.mark.parametrize(
    ("system", "code"),
    [
        (CONFIDENTIALITY, "N"),
        (CONFIDENTIALITY, "L"),
        (ADDRESS_PROTECTION, "ugradert"),
        (ADDRESS_PROTECTION, "klientadresse"),
        # an act, no sensitivity
        (ACT_CODE, "AMB"),
        ("https://smarthealthit.org/tags", "synthea-5-2019"),
    ],
)
def test_what_is_not_sensitive_has_no_label(system: str, code: str) -> None:
    assert labels_of(coded(system, code)) == 0


def test_every_sensitivity_code_of_the_standard_is_special() -> None:
    system = standard_terminology().code_system(ACT_CODE)
    assert system is not None
    codes = system.descendants("_InformationSensitivityPolicy")

    assert len(codes) > 30
    assert [code for code in codes if not label_of(ACT_CODE, code) & SPECIAL] == []


def test_every_code_we_map_exists_in_the_standard() -> None:
    system = standard_terminology().code_system(ACT_CODE)
    assert system is not None
    mapped = ("PSY", "PSYTHPN", "MH", "BH", "EMOTDIS", "SEX", "HIV", "STD", "GENDER", "SDV",
              "VIO", "MST")  # fmt: skip

    assert [code for code in mapped if code not in system.displays] == []
    assert [code for code in mapped if label_of(ACT_CODE, code) == Label.RESTRICTED] == []


def test_a_level_adds_nothing_where_a_category_says_why() -> None:
    protected = labelled(
        {"system": ADDRESS_PROTECTION, "code": "strengtFortrolig"},
        {"system": CONFIDENTIALITY, "code": "V"},
    )

    assert labels_of(protected) == Label.PROTECTED_ADDRESS_6


def test_a_level_beside_a_visibility_still_restricts() -> None:
    data = labelled({"system": VISIBILITY, "code": "N"}, {"system": CONFIDENTIALITY, "code": "R"})

    assert labels_of(data) == Label.NORMAL | Label.RESTRICTED


def test_the_protected_people_of_the_demo_are_labelled() -> None:
    assert people.ADDRESS_CONFIDENTIALITY == ADDRESS_PROTECTION
    assert terms.VISIBILITY == VISIBILITY
    assert labels_of(labelled(terms.LABEL_NORMAL)) == Label.NORMAL


def test_views_differ_in_what_is_refused_to_parents_and_to_the_young() -> None:
    assert HIDDEN_FROM_YOUTH & ~HIDDEN_FROM_CITIZEN == Label.NORN_UNGDOM
    assert HIDDEN_FROM_PARENTS & ~HIDDEN_FROM_CITIZEN == Label.NORN_FORANS
    assert not HIDDEN_FROM_CITIZEN & (Label.NORMAL | BLOCKED_FOR_STAFF | SPECIAL)
    assert DELAYED & HIDDEN_FROM_CITIZEN == DELAYED
    assert PROTECTED_ADDRESS & SPECIAL == PROTECTED_ADDRESS


def test_bits_stand_in_tables_and_never_change() -> None:
    assert [int(label).bit_count() for label in Label] == [1] * len(Label)
    assert (Label.SEVERAL_PATIENTS, Label.PSY, Label.NORMAL, Label.NORU) == (1, 2, 256, 1 << 20)


def test_no_label_says_that_a_resource_is_about_several_patients() -> None:
    for code in (*CODES_9603, "SEVERAL_PATIENTS"):
        assert not labels_of(coded(VISIBILITY, code)) & Label.SEVERAL_PATIENTS


CODINGS = st.fixed_dictionaries(
    {
        "system": st.sampled_from((VISIBILITY, ACT_CODE, CONFIDENTIALITY, ADDRESS_PROTECTION,
                                   SPECIAL_CATEGORY, "urn:other")),
        "code": st.sampled_from((*CODES_9603, "PSY", "SDV", "R", "V", "fortrolig", "ETH",
                                 "child-protection", "x")),
    }
)  # fmt: skip


@given(st.lists(CODINGS, max_size=5), CODINGS)
def test_one_more_label_never_opens_anything(before: list[Json], more: Json) -> None:
    fewer, all_of_them = labels_of(labelled(*before)), labels_of(labelled(*before, more))

    # RESTRICTED alone gives way to a category that says why, never to nothing.
    lost = fewer & ~all_of_them
    assert lost in {0, Label.RESTRICTED}
    assert bool(fewer & SPECIAL) <= bool(all_of_them & SPECIAL)


@given(st.lists(CODINGS, max_size=5), st.randoms())
def test_the_order_of_labels_does_not_matter(codings: list[Json], chance: Random) -> None:
    shuffled = codings.copy()
    chance.shuffle(shuffled)

    assert labels_of(labelled(*codings)) == labels_of(labelled(*shuffled))


@pytest.mark.parametrize(
    "data",
    [{}, {"meta": {}}, {"meta": None}, {"meta": {"security": None}}, {"meta": {"security": "N"}},
     {"meta": {"security": [None, 1, {}]}}, {"meta": {"security": [{"system": VISIBILITY}, 3]}},
     {"meta": {"security": [{"system": [], "code": {}}]}}],
)  # fmt: skip
def test_strange_shapes_are_read_without_a_crash(data: Json) -> None:
    assert labels_of(data) in {0, Label.UNKNOWN_VISIBILITY}
    assert releases_of(data) == []
    label_problems(data)


@pytest.mark.parametrize("code", [code for code in CODES_9603 if code != "N"])
def test_a_complete_label_is_accepted(code: str) -> None:
    assert label_problems(labelled(full(code))) == []


@pytest.mark.parametrize("code", [code for code in CODES_9603 if code != "N"])
def test_a_label_without_author_reason_and_time_is_refused(code: str) -> None:
    said = [issue.diagnostics for issue in label_problems(coded(VISIBILITY, code))]

    assert [part for part in ("author", "reason", "time") if not any(part in s for s in said)] == []


def test_normal_visibility_needs_no_details() -> None:
    assert label_problems(coded(VISIBILITY, "N")) == []


@pytest.mark.parametrize(
    ("code", "part"),
    [("NORU", "until"), ("NORN_FPB", "until"), ("NORN_FPB", "owner"), ("NORS", "author"),
     ("NORN_ANG", "reason"), ("NORU", "time")],
)  # fmt: skip
def test_a_label_is_refused_at_its_place_for_each_part_that_is_missing(
    code: str, part: str
) -> None:
    issues = label_problems(labelled({"system": "urn:x", "code": "y"}, full(code, **{part: None})))

    assert [(issue.severity, issue.expression) for issue in issues] == [
        ("error", ("Observation.meta.security[1].extension",))
    ]
    assert f"needs {part}" in issues[0].diagnostics


def test_a_delayed_label_cannot_end_before_it_is_set() -> None:
    early = (TOLD - timedelta(days=1)).isoformat()

    assert [i.code for i in label_problems(labelled(full("NORU", until=early)))] == ["value"]


def test_an_unreadable_release_is_refused_and_never_releases() -> None:
    data = labelled(full("NORU", until="soon"))

    assert [issue.code for issue in label_problems(data)] == ["value"]
    assert releases_of(data) == []


def test_normal_beside_a_refusal_is_a_contradiction() -> None:
    data = labelled(terms.LABEL_NORMAL, full("NORN_FORANS"))

    assert [issue.code for issue in label_problems(data)] == ["business-rule"]


def test_delayed_labels_are_released_at_their_time_and_others_never() -> None:
    data = labelled(full("NORN_EPO"), full("NORU"), full("NORN_FPB", until="2026-06-01"))

    assert releases_of(data) == [
        (Label.NORN_FPB, datetime(2026, 6, 1, 22, tzinfo=UTC)),
        (Label.NORU, UNTIL),
    ]


def test_of_two_delays_the_longer_counts_and_one_without_end_counts_most() -> None:
    later = (UNTIL + timedelta(days=2)).isoformat()
    twice = [full("NORU", until=later), full("NORU")]

    assert releases_of(labelled(*twice)) == [(Label.NORU, UNTIL + timedelta(days=2))]
    assert releases_of(labelled(*twice, full("NORU", until=None))) == []


def test_a_labelled_resource_is_valid_fhir() -> None:
    data = {
        "resourceType": "Observation",
        "meta": {"security": [full("NORN_FPB")]},
        "status": "final",
        "code": {"text": "x"},
    }

    assert validate(data) == []
    assert data["meta"]["security"][0]["extension"][0]["url"] == LABEL_DETAILS  # type: ignore[index]  # JSON


def test_the_official_examples_have_no_wrong_labels(shared_data: Path) -> None:
    files = sorted((shared_data / "fhir-r4-examples").glob("*.json"))
    found = [json.loads(file.read_bytes()) for file in files]

    assert [data["id"] for data in found if label_problems(data)] == []
    assert {data["id"] for data in found if labels_of(data) & SPECIAL} >= {"f202"}
