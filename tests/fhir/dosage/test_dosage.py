"""INV-18: a dose is the same in structure, in words and in FHIR, and back again."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fellesjournal.fhir import bodies
from fellesjournal.fhir.dosage import (
    LANGUAGES,
    UNITS,
    AsNeeded,
    Dosage,
    Doubt,
    InvalidDose,
    Part,
    Period,
    Rhythm,
    Step,
    Weekday,
    When,
    elements_of,
    instruction_of,
    parse,
    parse_short,
    same_dose,
    short_form,
    text_of,
    unit_word,
)
from fellesjournal.fhir.dosage.wording import WORDS
from tests.fhir.dosage.doses import dosages
from tests.tries import tries

MORNING, NOON, EVENING, NIGHT = When.MORNING, When.NOON, When.EVENING, When.NIGHT
WEEKLY = Rhythm(Period.WEEK, 1, (Weekday.MONDAY,))


def tablets(*parts: Part, **bounds: Any) -> Dosage:
    return Dosage("tablet", (Step(parts, **bounds),))


GOLDEN = [
    (
        tablets(Part(Decimal(1), at=(MORNING,))),
        "1 tablett morgen hver dag",
        "1 tablett morgon kvar dag",
        "1 tablet in the morning every day",
    ),
    (
        tablets(Part(Decimal("0.5"), at=(MORNING,)), Part(Decimal(2), at=(NOON, EVENING))),
        "0,5 tablett morgen og 2 tabletter midt på dagen og kveld hver dag",
        "0,5 tablett morgon og 2 tablettar midt på dagen og kveld kvar dag",
        "0.5 tablet in the morning and 2 tablets at midday and in the evening every day",
    ),
    (
        tablets(Part(Decimal(1), times=3), days=7),
        "1 tablett 3 ganger hver dag i 7 dager",
        "1 tablett 3 gonger kvar dag i 7 dagar",
        "1 tablet 3 times every day for 7 days",
    ),
    (
        tablets(Part(Decimal(6), WEEKLY)),
        "6 tabletter mandag hver uke",
        "6 tablettar måndag kvar veke",
        "6 tablets on Monday every week",
    ),
    (
        tablets(
            Part(Decimal(2), Rhythm(Period.WEEK, 1, (Weekday.MONDAY, Weekday.THURSDAY)), (EVENING,)),
            Part(Decimal("1.5"), Rhythm(Period.WEEK, 1, (Weekday.SUNDAY,)), (EVENING,)),
        ),
        "2 tabletter kveld mandag og torsdag hver uke; 1,5 tabletter kveld søndag hver uke",
        "2 tablettar kveld måndag og torsdag kvar veke; 1,5 tablettar kveld søndag kvar veke",
        ("2 tablets in the evening on Monday and Thursday every week;"
        " 1.5 tablets in the evening on Sunday every week"),
    ),
    (
        Dosage("injection", (Step((Part(Decimal(1), Rhythm(Period.DAY, 14)),)),)),
        "1 injeksjon én gang hver 14. dag",
        "1 injeksjon éin gong kvar 14. dag",
        "1 injection once every 14 days",
    ),
    (
        Dosage("tablet", (Step(as_needed=AsNeeded(Decimal(1), Decimal(2), Decimal(8), "mot smerter")),)),
        "1 til 2 tabletter ved behov, høyst 8 tabletter per døgn (mot smerter)",
        "1 til 2 tablettar ved behov, høgst 8 tablettar per døgn (mot smerter)",
        "1 to 2 tablets as needed, at most 8 tablets per 24 hours (mot smerter)",
    ),
    (
        Dosage(
            "tablet",
            (
                Step((Part(Decimal(4), at=(MORNING,)),), days=5),
                Step((Part(Decimal(2), at=(MORNING,)),), days=1),
                Step((Part(Decimal(1), at=(MORNING,)),)),
            ),
        ),
        ("4 tabletter morgen hver dag i 5 dager, deretter 2 tabletter morgen hver dag i 1 dag,"
        " deretter 1 tablett morgen hver dag"),
        ("4 tablettar morgon kvar dag i 5 dagar, deretter 2 tablettar morgon kvar dag i 1 dag,"
        " deretter 1 tablett morgon kvar dag"),
        ("4 tablets in the morning every day for 5 days, then 2 tablets in the morning every day"
        " for 1 day, then 1 tablet in the morning every day"),
    ),
    (
        tablets(Part(Decimal(1), at=(MORNING,)), until=date(2026, 3, 14)),
        "1 tablett morgen hver dag til og med 14.03.2026",
        "1 tablett morgon kvar dag til og med 14.03.2026",
        "1 tablet in the morning every day through 14.03.2026",
    ),
    (
        Dosage("drop", (Step((Part(Decimal(1), at=(MORNING, EVENING)),)),), "each-eye"),
        "1 dråpe i hvert øye morgen og kveld hver dag",
        "1 drope i kvart auge morgon og kveld kvar dag",
        "1 drop in each eye in the morning and in the evening every day",
    ),
]  # fmt: skip


@pytest.mark.parametrize("example", GOLDEN, ids=lambda example: example[1])
def test_the_words_of_a_dose_are_these(example: tuple[Dosage, str, str, str]) -> None:
    dosage, *texts = example
    assert [text_of(dosage, language) for language in LANGUAGES] == texts


@settings(max_examples=tries(100), deadline=None)
@given(dosages, st.sampled_from(LANGUAGES))
def test_inv_18_structure_to_words_and_back_is_the_same(dosage: Dosage, language: str) -> None:
    assert parse(text_of(dosage, language), language) == dosage


@settings(max_examples=tries(100), deadline=None)
@given(
    dosages, st.sampled_from(LANGUAGES), st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1))
)
def test_inv_18_structure_to_fhir_and_back_is_the_same(
    dosage: Dosage, language: str, starts: date | None
) -> None:
    wire = orjson.loads(orjson.dumps(elements_of(dosage, language, starts=starts)))
    read = instruction_of(wire)
    assert (read.dosage, read.doubt) == (dosage, None)


@settings(max_examples=tries(75), deadline=None)
@given(dosages)
def test_inv_18_the_stored_form_is_valid_fhir(dosage: Dosage) -> None:
    from fellesjournal.fhir.validation import validate  # noqa: PLC0415 - compiled on first use

    request = {
        "resourceType": "MedicationRequest", "status": "active", "intent": "order",
        "subject": {"reference": "Patient/p"}, "medicationCodeableConcept": {"text": "x"},
        "dosageInstruction": elements_of(dosage),
    }  # fmt: skip
    body = bodies.parse(orjson.dumps(request))
    assert [i for i in validate(body.data) if i.severity == "error"] == []


@settings(max_examples=tries(100), deadline=None)
@given(dosages)
def test_inv_18_a_short_form_says_the_same_dose(dosage: Dosage) -> None:
    if short := short_form(dosage):
        read = parse_short(short, dosage.unit)
        assert read is not None
        assert same_dose(read, dosage)


@settings(max_examples=tries(100), deadline=None)
@given(dosages, dosages, st.sampled_from(LANGUAGES))
def test_inv_18_two_doses_have_the_same_words_only_if_they_are_the_same(
    one: Dosage, other: Dosage, language: str
) -> None:
    assert (text_of(one, language) == text_of(other, language)) == (one == other)


@settings(max_examples=tries(150), deadline=None)
@given(dosages, st.data())
def test_inv_18_changed_words_are_never_read_as_something_else(dosage: Dosage, data: Any) -> None:
    """A word or a number removed, doubled or replaced: refused, or read as exactly what it says."""
    language = data.draw(st.sampled_from(LANGUAGES))
    words = text_of(dosage, language).split(" ")
    place = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.sampled_from([*words, "uke", "dag", "week", "3", "", "ikke", "hver"]))
    words[place] = other
    changed = " ".join(filter(None, words))
    read = parse(changed, language)
    if read is not None:
        numbers = re.compile(r"\d+(?:[.,]\d+)?")
        said = text_of(read, language)
        assert numbers.findall(said) == numbers.findall(changed)
        for period in WORDS[language].every.values():
            assert (period[0] in said) == (period[0] in changed.casefold())


@pytest.mark.parametrize(
    "text",
    [
        "", "1 tablett", "1 tablett morgen", "2 tabletter daglig", "1-2 tabletter ved behov",
        "1 tablett morgen hver dag unntatt søndag", "1 tablett morgen og kveld ved måltid hver dag",
        "ca. 1 tablett morgen hver dag", "1.5 tabletter morgen hver dag", "1 tablett hver dag hver uke",
        "1 tablett morgen hver uke hver dag", "0 tabletter morgen hver dag", "1 tablett morgen og morgen hver dag",
        "6 tabletter mandag", "1 tablet in the morning every day", "1 tablett morgen hver dag i 0 dager",
        "1 tablett morgen hver dag til og med 31.02.2026", "x" * 2000,
    ],
)  # fmt: skip
def test_what_is_not_certain_is_not_read(text: str) -> None:
    assert parse(text, "nb") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 tablett morgen daglig", "1 tablett morgen hver dag"),
        ("1 dråpe morgen\n1 dråpe midt på dagen\n1 dråpe kveld daglig",
         "1 dråpe morgen, 1 dråpe midt på dagen og 1 dråpe kveld hver dag"),
        ("6 Tabletter  mandag hver uke.", "6 tabletter mandag hver uke"),
        ("1 kapsler en gang hver dag", "1 kapsel én gang hver dag"),
    ],
)  # fmt: skip
def test_usual_variants_are_read_and_said_in_our_words(text: str, said: str) -> None:
    read = parse(text, "nb")
    assert read is not None
    assert text_of(read, "nb") == said


@pytest.mark.parametrize(
    ("short", "said"),
    [
        ("1+0+1", "1 tablett morgen og kveld hver dag"),
        ("0,5+0+2", "0,5 tablett morgen og 2 tabletter kveld hver dag"),
        ("0+0+0+1", "1 tablett natt hver dag"),
        ("1x3", "1 tablett 3 ganger hver dag"),
        ("10 x 3", "10 tabletter 3 ganger hver dag"),
        ("1 inntil x4", "1 tablett ved behov, høyst 4 tabletter per døgn"),
        ("1+0+1 i hvert øye", "1 tablett i hvert øye morgen og kveld hver dag"),
        ("1x4 i 7 dager", "1 tablett 4 ganger hver dag i 7 dager"),
        ("1+0+1 i 10 dagar", "1 tablett morgen og kveld hver dag i 10 dager"),
        ("1 inntil x4 i 5 døgn", "1 tablett ved behov, høyst 4 tabletter per døgn i 5 dager"),
    ],
)
def test_short_doses_are_read(short: str, said: str) -> None:
    read = parse_short(short, "tablet")
    assert read is not None
    assert text_of(read, "nb") == said


@pytest.mark.parametrize(
    "short",
    [
        "0+0+0",
        "1+1",
        "1+0+1+0+1",
        "1x0",
        "x3",
        "1x99",
        "1+0+1 uke",
        "-1+0+1",
        "1x4 i 0 dager",
        "1x4 i dager",
        "1x4 7",
        "i 7 dager",
    ],
)
def test_what_is_no_short_dose_is_not_read(short: str) -> None:
    assert parse_short(short, "tablet") is None


def test_short_doses_of_the_national_examples_are_read(shared_data: Path) -> None:
    """Each code of 7478 that the examples hold, and the words beside it say the same."""
    source = (shared_data / "norway/sfm/getMedResponse_e-multidose.json").read_text()
    bundle = json.loads(re.sub(r",(\s*[}\]])", r"\1", source))  # a known trailing comma
    seen = 0
    for parameter in bundle["parameter"]:
        for entry in parameter.get("resource", {}).get("entry", ()):
            for dosage in entry["resource"].get("dosage", ()):
                for extension in dosage.get("extension", ()):
                    if "shortdosage" not in extension["url"]:
                        continue
                    said = parse(dosage["text"], "nb")
                    assert said is not None, dosage["text"]
                    short = parse_short(
                        extension["valueCodeableConcept"]["coding"][0]["display"], said.unit
                    )
                    assert short is not None
                    assert same_dose(said, short)
                    seen += 1
    assert seen >= 5


# --- reading what others wrote ----------------------------------------------------------------------


def dose(value: object = 1, **unit: str) -> list[dict[str, Any]]:
    return [{"doseQuantity": {"value": value, **(unit or {"unit": "tablett"})}}]


def test_the_standards_own_way_to_write_weekdays_is_weekly() -> None:
    repeat = {
        "frequency": 1,
        "period": 1,
        "periodUnit": "d",
        "dayOfWeek": ["mon"],
        "when": ["MORN"],
    }
    read = instruction_of([{"timing": {"repeat": repeat}, "doseAndRate": dose(6)}])
    assert read.text("nb") == "6 tabletter morgen mandag hver uke"


@pytest.mark.parametrize(
    ("element", "doubt"),
    [
        ({"text": "som før"}, Doubt.WORDS_ONLY),
        ({"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}, Doubt.NOT_UNDERSTOOD),
        ({"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
          "doseAndRate": dose(1, unit="dose of unknown kind")}, Doubt.NOT_UNDERSTOOD),
        ({"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "offset": 30}},
          "doseAndRate": dose()}, Doubt.NOT_UNDERSTOOD),
        ({"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d", "when": ["MORN"]}},
          "doseAndRate": dose()}, Doubt.NOT_UNDERSTOOD),
        ({"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
          "doseAndRate": dose(), "modifierExtension": [{"url": "urn:x"}]}, Doubt.NOT_UNDERSTOOD),
        ({"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
          "doseAndRate": dose(), "text": "1 tablett én gang hver uke"}, Doubt.DISAGREES),
        ({"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
          "doseAndRate": dose(), "text": "1 tablett hver dag, men ikke søndag"}, Doubt.DISAGREES),
        ({"timing": {"repeat": "odd"}, "doseAndRate": 3}, Doubt.NOT_UNDERSTOOD),
        ({"timing": {"code": {"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.7478", "code": "5685",
                                          "display": "1 inntil x1"}]}},
          "asNeededBoolean": True, "doseAndRate": dose(10, unit="mg", code="mg",
          system="http://unitsofmeasure.org")}, Doubt.DISAGREES),
    ],
)  # fmt: skip
def test_a_dose_in_doubt_stays_its_writers_words_and_is_marked(
    element: dict[str, Any], doubt: Doubt
) -> None:
    read = instruction_of([element])
    assert (read.dosage, read.doubt) == (None, doubt)
    assert read.words.startswith(element.get("text", ""))


@settings(max_examples=tries(75), deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["timing", "repeat", "text", "doseAndRate", "when", "site",
                                         "doseQuantity", "value", "period", "sequence"]), inner)))  # fmt: skip
def test_reading_never_fails_on_odd_content(found: Any) -> None:
    read = instruction_of(found)
    assert (read.dosage is None) == (read.doubt is not None)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Part(Decimal(0)),
        lambda: Part(Decimal("0.00001")),
        lambda: Part(Decimal("NaN")),
        lambda: Part(Decimal(1), times=0),
        lambda: Part(Decimal(1), at=(MORNING,), times=2),
        lambda: Part(Decimal(1), at=(EVENING, MORNING)),
        lambda: Rhythm(Period.DAY, 0),
        lambda: Rhythm(Period.DAY, 1, (Weekday.MONDAY,)),
        Step,
        lambda: Step((Part(Decimal(1), at=(MORNING,)), Part(Decimal(2), at=(MORNING,)))),
        lambda: Step((Part(Decimal(1)), Part(Decimal(2)))),
        lambda: Step((Part(Decimal(1), at=(MORNING,)), Part(Decimal(2), WEEKLY, (EVENING,)))),
        lambda: AsNeeded(Decimal(2), None, Decimal(1)),
        lambda: AsNeeded(Decimal(1), reason="mot (smerter)"),
        lambda: Dosage("tablet", ()),
    ],
)
def test_what_is_no_dose_can_not_be_built(build: Any) -> None:
    with pytest.raises(InvalidDose):
        build()


def test_steps_with_a_first_day_never_overlap() -> None:
    dosage = GOLDEN[7][0]
    periods = [
        each["timing"]["repeat"]["boundsPeriod"]
        for each in elements_of(dosage, starts=date(2026, 3, 1))
    ]
    assert periods == [
        {"start": "2026-03-01", "end": "2026-03-05"},
        {"start": "2026-03-06", "end": "2026-03-06"},
        {"start": "2026-03-07"},
    ]


def test_every_word_of_a_unit_means_one_unit() -> None:
    for language in LANGUAGES:
        words = [w for unit in UNITS.values() for w in set(getattr(unit, language))]
        assert len(words) == len(set(words)), language


@pytest.mark.parametrize(
    ("quantity", "language", "word"),
    [
        ({"value": 2, "unit": "tablett"}, "nb", "tabletter"),
        ({"value": 1, "unit": "tablett"}, "nb", "tablett"),
        ({"value": 0.5, "unit": "tablets"}, "nn", "tablett"),
        ({"value": 2, "unit": "tablett"}, "nn", "tablettar"),
        ({"value": 2, "unit": "puff"}, "nb", "puff"),
        ({"value": 5, "code": "mL", "system": "http://unitsofmeasure.org"}, "nb", "ml"),
        ({"unit": "tablett"}, "nb", "tablett"),
        ({"value": 2}, "nb", ""),
    ],
)
def test_a_unit_is_called_as_so_many_are_and_others_stay_as_written(
    quantity: dict[str, Any], language: str, word: str
) -> None:
    assert unit_word(quantity, language) == word
