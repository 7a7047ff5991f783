"""A unit that follows Kari at home, for tests: staff, a plan, and readings that are handled."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal

from fellesjournal.access import citizens, jobs
from fellesjournal.access.sessions import Session
from fellesjournal.care.remote_follow_up.actions import send_reading
from fellesjournal.care.remote_follow_up.agreeing import start_follow_up
from fellesjournal.care.remote_follow_up.finding import open_tasks
from fellesjournal.care.remote_follow_up.measures import MEASURES
from fellesjournal.care.remote_follow_up.plans import Agreed, Limit, Terms
from fellesjournal.care.remote_follow_up.tasks import Work, work_of
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.queries import waiting
from fellesjournal.foundation.outbox.worker import handle_all
from tests.staff import SYSTEM, employ, register, staff

KARI = "Patient/kari"


def pressure(high: int = 140, low: int = 90, *, times: int = 1, days: int = 1) -> Agreed:
    """Blood pressure so often, below these."""
    limits = {"systolic": Limit(high=Decimal(high)), "diastolic": Limit(high=Decimal(low))}
    return Agreed(MEASURES["blood-pressure"], times, days, limits)


def terms(*agreed: Agreed, owner: str = "gp", ends: date | None = None, within: int = 1) -> Terms:
    """What is agreed; blood pressure daily when nothing else is said."""
    until = ends or clock.today() + timedelta(days=60)
    return Terms(agreed or (pressure(),), f"Practitioner/{owner}", owner, within, until)


def office() -> Session:
    """A GP and a colleague at an office, with Kari on the GP's list; the GP's session."""
    employ("gp", "gp", "office")
    employ("anna", "gp", "office")
    register("kari", "Practitioner/gp", name=[{"given": ["Kari"], "family": "Prøve"}])
    return staff("gp", "gp", "office")


def follow(*agreed: Agreed, within: int = 1) -> str:
    """The GP begins to follow Kari; the id of the plan."""
    return start_follow_up(office(), patient=KARI, terms=terms(*agreed, within=within))


def herself() -> Session:
    """Kari's own session."""
    return citizens.citizen("kari")


def send(
    high: int, low: int = 80, *, at: datetime | None = None, key: str = "", settle: bool = True
) -> str:
    """Kari sends a blood pressure; the id of the Observation's group."""
    found = send_reading(
        herself(),
        measured={"systolic": Decimal(high), "diastolic": Decimal(low)},
        at=at or clock.now(),
        key=key or uuid.uuid4().hex,
    )
    if settle:
        handle()
    return found


def handle() -> None:
    """Let everything that waits be handled; a reaction that fails fails the test."""
    handle_all(jobs.call)
    failed = [each for each in waiting() if each.failed]
    assert not failed, failed


def rows() -> list[Work]:
    """All that waits."""
    return [work_of(data, version) for data, version in open_tasks(SYSTEM)]
