"""INV-46: whoever saves whatever when, no typed word is lost.

Pages are played as the browser plays them (autosave.js): each has its fields and what they began
from, sends them when it likes, and takes in the answer or never hears it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.access.sessions import Session
from fellesjournal.care.notes.actions import Saved, Typed, begin_note, save_note
from fellesjournal.care.notes.queries import note
from fellesjournal.care.notes.resources import Note
from tests.staff import employ, register, staff

KEY = "assessment"
PEOPLE = ("anna", "bo")


@dataclass
class Page:
    """One open draft in one browser."""

    session: Session
    note: str
    text: str
    base: str
    own: str | None = None
    typed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)

    def type(self, chance: Random, word: str) -> None:
        """A word into a line, or a line of its own, in the field she is at."""
        self.typed.add(word)
        if self.own is not None:
            self.own = _with(self.own, chance, word)
        else:
            self.text = _with(self.text, chance, word)

    def remove(self, chance: Random) -> None:
        """Take out a word she sees in the note; that word is not lost, it is removed."""
        words = self.text.split()
        if words and self.own is None:
            gone = chance.choice(words)
            self.removed.add(gone)
            self.text = self.text.replace(gone, "", 1)

    def send(self) -> Saved:
        """Save what stands in the fields."""
        typed = {KEY: Typed(self.text, self.base, self.own)}
        return save_note(self.session, patient="kari", note=self.note, typed=typed)

    def hear(self, saved: Saved) -> None:
        """Take in the answer."""
        found = saved.note.section(KEY)
        assert found is not None
        if KEY in saved.collided and self.own is None:
            self.own = self.text
        self.text = self.base = found.text


def _with(text: str, chance: Random, word: str) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    if chance.random() < 0.5:
        lines[at] = f"{lines[at]} {word}".strip()
    else:
        lines.insert(at, word)
    return "\n".join(lines)


def _words(found: Note) -> set[str]:
    section = found.section(KEY)
    assert section is not None
    texts = [section.text, *(each.text for each in section.unmerged)]
    return set(itertools.chain.from_iterable(text.split() for text in texts))


def _open(session: Session, key: str) -> Page:
    found = note(session, "kari", key)
    section = found.section(KEY)
    assert section is not None
    own = next((u.text for u in section.unmerged if u.author.reference == session.person), None)
    return Page(session, key, section.text, section.text, own)


def _played(chance: Random, key: str, steps: int) -> Iterator[Page]:
    """Both write, save, and now and then reload; each page that ever was."""
    pages = {name: _open(staff(name), key) for name in PEOPLE}
    numbers = itertools.count()
    for _ in range(steps):
        name = chance.choice(PEOPLE)
        page = pages[name]
        act = chance.random()
        if act < 0.5:
            page.type(chance, f"{name}{next(numbers):03}")
        elif act < 0.6:
            page.remove(chance)
        elif act < 0.9:
            page.hear(page.send())
        else:
            page.send()  # the answer is never heard: the page was killed
            yield page
            pages[name] = _open(page.session, key)
    for page in pages.values():
        page.send()
        yield page


@pytest.fixture
def kari(db: None) -> str:
    """A patient whose doctors both are."""
    del db
    for name in PEOPLE:
        employ(name)
    register("kari", *(f"Practitioner/{name}" for name in PEOPLE))
    return "kari"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_inv_46_no_typed_word_is_lost_in_any_interleaving(kari: str, seed: int) -> None:
    chance = Random(seed)
    key = begin_note(staff("anna"), patient=kari)
    first = _open(staff("anna"), key)
    first.type(chance, "begun")
    first.send()
    pages = list(_played(chance, key, steps=14))
    typed = set().union(*(page.typed for page in pages))
    removed = set().union(*(page.removed for page in pages))
    missing = typed - removed - _words(note(staff("anna"), kari, key))
    assert missing == set()
