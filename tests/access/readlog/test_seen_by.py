"""The log as the citizen reads it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from fellesjournal.access.policy.areas import ABOUT_PATIENTS, Area
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.readlog import words
from fellesjournal.access.readlog.acts import Act, Outcome
from fellesjournal.access.readlog.queries import Line, Who
from fellesjournal.access.readlog.seen_by import Visit, visit_of, visits_of
from fellesjournal.access.readlog.words import Language
from tests.access.readlog.cast import (
    DOCTOR,
    KARI,
    NAMES,
    NOTE,
    OLA,
    OTHER_NOTE,
    STAFF_NUMBER,
    a_line,
)  # fmt: skip

LANGUAGES: tuple[Language, ...] = ("en", "nb", "nn")


def visits(*lines: Line, language: Language = "en") -> list[Visit]:
    newest_first = sorted(lines, key=lambda line: -line.id)
    return [visit_of(group, KARI, NAMES, language) for group in visits_of(newest_first, KARI)]


def test_several_reads_of_one_visit_are_one_row_with_a_count() -> None:
    (visit,) = visits(*(a_line(minutes=m) for m in (0, 20, 45)))
    assert visit.count == 3
    assert (visit.last - visit.first).total_seconds() == 45 * 60
    assert len(visit.keys) == 3


def test_a_long_pause_another_ground_or_another_unit_is_another_visit() -> None:
    elsewhere = Who("Practitioner/d", "doctor", "Organization/x", "", "TREAT")
    rows = visits(
        a_line(),
        a_line(minutes=31),
        a_line(minutes=32, kind=GroundKind.BREAK_GLASS),
        a_line(minutes=33, who=elsewhere),
    )
    assert [row.count for row in rows] == [1, 1, 1, 1]
    assert [row.is_emergency for row in rows] == [False, True, False, False]


def test_a_sentence_says_who_where_what_and_why() -> None:
    (visit,) = visits(a_line(), a_line(minutes=1))
    assert visit.sentence == (
        "Dina Dahl (Medical ward, The hospital) looked at notes and letters"
        " to give you health care (encounter)."
    )
    (norwegian,) = visits(a_line(kind=GroundKind.BREAK_GLASS), language="nb")
    assert norwegian.sentence == (
        "Dina Dahl (Medical ward, The hospital) så på notater og brev som nødtilgang."
    )


def test_what_came_through_an_app_says_so_and_is_a_visit_of_its_own() -> None:
    through = replace(DOCTOR, app="growth")
    rows = {
        language: visits(a_line(), a_line(minutes=1, who=through), language=language)
        for language in LANGUAGES
    }
    assert [(row.app, row.count) for row in rows["en"]] == [("Growth chart", 1), ("", 1)]
    assert rows["en"][0].sentence == (
        "Dina Dahl (Medical ward, The hospital) looked at notes and letters"
        " through the app Growth chart to give you health care (encounter)."
    )
    for language in LANGUAGES:
        assert "Growth chart" in rows[language][0].sentence
        assert "Growth chart" not in rows[language][1].sentence


def test_a_service_is_not_told_as_the_platform_itself() -> None:
    service = Who("system:growth", "system", "", "", "HOPERAT", "growth")
    (visit,) = visits(a_line(who=service, kind=None))
    assert visit.name == "The service Growth chart"
    assert "through" not in visit.sentence


def test_no_number_of_staff_is_shown() -> None:
    for language in LANGUAGES:
        (visit,) = visits(a_line(), language=language)
        assert STAFF_NUMBER not in repr(visit)
        assert "9144897" not in repr(visit)


def test_what_others_on_the_same_page_had_is_not_told() -> None:
    (visit,) = visits(
        a_line(
            act=Act.SEARCH, patients=(KARI, OLA), resources=(NOTE, OTHER_NOTE, OLA),
            type_name=None, areas=int(Area.HEALTH),
        )
    )  # fmt: skip
    assert visit.what == ("notes and letters",)


def test_a_refused_attempt_is_no_visit() -> None:
    assert visits(a_line(outcome=Outcome.REFUSED)) == []


@pytest.mark.parametrize(
    ("acts", "verb"),
    [((Act.POST,), "wrote"), ((Act.PUT,), "changed"), ((Act.POST, Act.PATCH), "wrote or changed")],
)
def test_writing_is_told_as_writing_and_changing_as_changing(
    acts: tuple[Act, ...], verb: str
) -> None:
    (visit,) = visits(*(a_line(act=act, minutes=m) for m, act in enumerate(acts)))
    assert visit.wrote
    assert f") {verb} notes and letters to give" in visit.sentence


@pytest.mark.parametrize(
    ("language", "did"),
    [
        ("en", "read: medicines; wrote: notes and letters, to give you health care (encounter)."),
        ("nb", "leste: legemidler; skrev: notater og brev, for å gi deg helsehjelp ("),
        ("nn", "las: legemiddel; skreiv: notat og brev, for å gi deg helsehjelp ("),
    ],
)
def test_what_was_only_read_is_never_told_as_written(language: Language, did: str) -> None:
    read = a_line(minutes=1, resources=(), type_name=None, areas=int(Area.MEDICATION))
    (visit,) = visits(a_line(act=Act.POST), read, language=language)
    assert did in visit.sentence
    assert visit.what == tuple(
        words.AREAS[area][language] for area in (Area.MEDICATION, Area.DOCUMENTS)
    )


def test_oneself_a_representative_and_the_platform_are_told_apart() -> None:
    herself = Who("Patient/kari", "citizen", "", "", "PATRQT")
    job = Who("system:export", "system", "", "", "HOPERAT")
    (own,) = visits(a_line(who=herself, kind=GroundKind.SELF))
    (system,) = visits(a_line(who=job, kind=None))
    assert (own.name, own.is_own, own.role) == ("You", True, "")
    assert (system.name, system.is_system) == ("Fellesjournal itself", True)
    assert system.why == "to run the service"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_reads_the_log_of_another_is_not_told_that_you_did_it(language: Language) -> None:
    herself = Who("Patient/kari", "citizen", "", "", "PATRQT")
    for line in (a_line(), a_line(who=herself, kind=GroundKind.SELF)):
        told = visit_of([line], KARI, NAMES, language, to_herself=False).sentence
        assert not {"you", "yourself", "du", "deg", "Du", "You"} & set(re.findall(r"\w+", told))
        assert (line.who.person == "Patient/kari") == told.startswith(NAMES.name("Patient/kari"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_about_somebody_has_a_word_in_each_language(language: Language) -> None:
    assert [area for area in Area if area & ABOUT_PATIENTS and area not in words.AREAS] == []
    assert all(text[language] for text in (*words.AREAS.values(), *words.PURPOSES.values()))
    assert [kind for kind in GroundKind if not words.ground(kind, language)] == []
    assert [kind for kind in GroundKind if not words.purpose(kind.purpose, language)] == []


def test_who_is_gone_from_the_record_is_still_somebody() -> None:
    stranger = Who("Practitioner/gone", "doctor", "", "", "TREAT")
    (visit,) = visits(a_line(who=stranger))
    assert visit.name == "somebody"
    assert DOCTOR.person not in visit.sentence
