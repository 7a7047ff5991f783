"""A citizen with a GP and home care, her daughter, and those who answer her."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fellesjournal.access import citizens, jobs
from fellesjournal.access.sessions import Session
from fellesjournal.care.conversations import actions
from fellesjournal.care.conversations.queries import Waiting, own_conversations, queue, task_about
from fellesjournal.care.conversations.resources import Conversation
from fellesjournal.care.conversations.tasks import AnswerTask
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.queries import waiting
from fellesjournal.foundation.outbox.worker import handle_all
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from tests.staff import employ, put

NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)
"""A Monday, noon in Norway."""
PATIENT = "Patient/kari"
OFFICE, HOME = "Organization/office", "Organization/home"


def unit(name: str, kind: str, parent: str = "town", **more: object) -> None:
    """A unit of a kind."""
    put("Organization", "town", name="Kommunen")
    put(
        "Organization", name, name=name.capitalize(),
        type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": kind}]}],
        partOf={"reference": f"Organization/{parent}"}, **more,
    )  # fmt: skip


def workplace() -> dict[str, Session]:
    """A GP and a secretary at the office, a nurse in home care, both units with a leader; a
    doctor at a hospital, who has nothing to do with her.
    """
    found = {
        "gp": employ("gp", "gp", "office"),
        "secretary": employ("secretary", "secretary", "office"),
        "chief": employ("chief", "unit-leader", "office"),
        "nurse": employ("nurse", "home-care-nurse", "home"),
        "leader": employ("leader", "unit-leader", "home"),
        "stranger": employ("stranger", "hospital-doctor", "ward"),
    }
    unit("office", "gp-office")
    unit("home", "home-care")
    unit("ward", "ward")
    return found


def citizen(name: str = "kari", born: str = "1944-03-14", **more: object) -> Session:
    """A citizen on the list of the GP."""
    put(
        "Patient", name, name=[{"family": "Nesvoll", "given": [name.capitalize()]}], birthDate=born,
        generalPractitioner=[{"reference": "Practitioner/gp"}, {"reference": OFFICE}], **more,
    )  # fmt: skip
    return citizens.citizen(name)


def home_care(patient: str = PATIENT) -> None:
    """A service granted to her."""
    put(
        "EpisodeOfCare", "service", status="active", patient={"reference": patient},
        managingOrganization={"reference": HOME}, period={"start": "2026-01-01"},
    )  # fmt: skip


def write(
    session: Session,
    words: str = "Kan jeg få fornyet resepten?",
    *,
    unit: str = OFFICE,
    key: str = "k",
) -> str:
    """She writes to a unit, and the platform takes it in."""
    found = actions.begin(
        session, unit=unit, title="Resept", words=words, key=key, by_name="Kari Nesvoll"
    )
    handle()
    return found


def handle() -> None:
    """Let everything that waits be handled; a reaction that fails fails the test."""
    handle_all(jobs.call)
    failed = [each for each in waiting() if each.failed]
    assert not failed, failed


def row(session: Session) -> Waiting:
    """The one row of a unit's queue."""
    (found,) = queue(session)
    return found


def task(session: Session, conversation: str) -> AnswerTask:
    """The Task of a conversation as somebody sees it."""
    found = task_about(session, conversation)
    assert found is not None
    return found


def answer(
    session: Session, conversation: str, words: str = "Den er fornyet.", key: str = "a"
) -> None:
    """Somebody answers with the page as it is now."""
    found = task(session, conversation)
    actions.answer(
        session, patient=found.patient, task=found.id, seen=found.version, words=words, key=key,
        by_name=session.person.partition("/")[2].capitalize(),
    )  # fmt: skip
    handle()


def hers(session: Session) -> Conversation:
    """The one conversation a citizen sees."""
    (found,) = own_conversations(session)
    return found


def later(**time: float) -> datetime:
    """So long after now."""
    return clock.now() + timedelta(**time)
