"""A letter as a file: the same bytes at any time, tagged, and saying what the text says."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from fellesjournal.care.messages.letters import Letter, as_pdf, fingerprint


def test_inv_41_the_same_letter_is_the_same_bytes_a_second_later(letter: Letter) -> None:
    first = as_pdf(letter)
    time.sleep(1.1)  # a PDF may hold the second it was made in
    assert as_pdf(letter) == first


def test_one_other_character_is_another_letter(letter: Letter) -> None:
    assert fingerprint(letter) == fingerprint(replace(letter))
    assert fingerprint(letter) != fingerprint(replace(letter, title=letter.title + "."))
    assert fingerprint(letter) != fingerprint(replace(letter, to=letter.to[:1]))


def test_a_letter_is_a_tagged_file_in_its_language(letter: Letter) -> None:
    made = as_pdf(letter)
    assert made.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in made
    assert b"pdfuaid" in made
    assert b"/Lang (nb)" in made or b"/Lang(nb)" in made


def test_text_and_file_are_made_of_the_same_words(letter: Letter) -> None:
    for words in (
        "Innkalling til kontroll",
        "Du er innkalt til kontroll.",
        "Anna Fiktiv",
        "22.11.2026",
    ):
        assert words in letter.text


def test_what_a_letter_says_is_never_read_as_a_program(letter: Letter) -> None:
    hostile = replace(letter, title='#panic("x") $a$ *b* \\ <a>', to=("#let x = 1", "*"))
    assert as_pdf(hostile).startswith(b"%PDF")


def test_two_letters_are_made_at_once(letter: Letter) -> None:
    """A compiler of Typst refuses two threads; whoever signs must not meet that."""
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(lambda _: as_pdf(letter), range(40)))) == 1
