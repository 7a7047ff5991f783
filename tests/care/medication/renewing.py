"""A citizen on a GP's list, with medicines of his and of a hospital's, who asks for renewals."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from fellesjournal.access import citizens, jobs
from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.actions import Done, change_medicine, prescribe
from fellesjournal.care.medication.queries import list_of
from fellesjournal.care.medication.renewals import actions
from fellesjournal.care.medication.renewals.queries import request_of, task_about
from fellesjournal.care.medication.renewals.resources import Request
from fellesjournal.care.medication.renewals.tasks import RenewalTask
from fellesjournal.care.medication.resources import Medicine, Order
from fellesjournal.foundation.outbox.queries import waiting
from fellesjournal.foundation.outbox.worker import handle_all
from tests.care.medication.medicines import AMLODIPINE, PARACETAMOL, PATIENT, order
from tests.staff import SYSTEM, employ, put


def office() -> dict[str, Session]:
    """Two GPs, a nurse and a secretary at an office; a doctor at a hospital."""
    return {
        "gp": employ("gp", "gp", "office"),
        "colleague": employ("colleague", "gp", "office"),
        "nurse": employ("nurse", "nurse", "office"),
        "secretary": employ("secretary", "secretary", "office"),
        "hospital": employ("hospital", "hospital-doctor", "ward"),
    }


def citizen(gp: str = "gp", unit: str = "office", born: str = "1944-03-14") -> Session:
    """The patient, on the list of a GP at an office."""
    put(
        "Patient", "p", name=[{"family": "Nesvoll", "given": ["Kari"]}], birthDate=born,
        generalPractitioner=[
            {"reference": f"Practitioner/{gp}"}, {"reference": f"Organization/{unit}"},
        ],
    )  # fmt: skip
    return citizens.citizen("p")


def prescribed(session: Session, *orders: Order) -> list[Medicine]:
    """Medicines that somebody has put on the list, in order of the list."""
    for each in orders or (order(AMLODIPINE), order(PARACETAMOL, "1x3")):
        seen = list_of(SYSTEM, "p").number
        prescribe(session, patient=PATIENT, order=each, seen=seen, by_name="Lege")
    return list(list_of(SYSTEM, "p").medicines)


def ask(session: Session, lines: Collection[Medicine | str], form: str = "") -> str:
    """She asks, and the platform takes it in; the id of the request."""
    wanted = [each if isinstance(each, str) else each.reference for each in lines]
    found = actions.ask(
        session.again(), lines=wanted, form=form or str(uuid.uuid4()), by_name="Kari Nesvoll"
    )
    handle()
    return found


def handle() -> None:
    """Let everything that waits be handled; a reaction that fails fails the test."""
    handle_all(jobs.call)
    failed = [each for each in waiting() if each.failed]
    assert not failed, failed


def task(request: str, session: Session = SYSTEM) -> RenewalTask:
    """The Task of a request."""
    found = task_about(session, request)
    assert found is not None
    return found


def standing(request: str, session: Session = SYSTEM) -> Request:
    """A request as somebody sees it."""
    return request_of(session, PATIENT, request)


def renew(session: Session, lines: Collection[Medicine], request: str = "", seen: int = 0) -> Done:
    """Renew with the pages as they are now; ``seen`` another number of the list than stands."""
    found = task(request) if request else None
    return actions.renew_lines(
        session,
        patient=PATIENT,
        lines={each.reference: each.version for each in lines},
        seen=seen or list_of(SYSTEM, "p").number,
        by_name="Lege",
        task=found.id if found else "",
        task_seen=found.version if found else 0,
    )


def changed(session: Session, line: Medicine, to: Order) -> Medicine:
    """A line changed to another dose; what stands on the list for it then."""
    change_medicine(
        session, patient=PATIENT, medicine=line.reference, medicine_seen=line.version, order=to,
        why="Bedre effekt", seen=list_of(SYSTEM, "p").number, by_name="Lege",
    )  # fmt: skip
    found = list_of(SYSTEM, "p").stands_for(line.reference)
    assert found is not None
    return found


def close(session: Session, request: str) -> int:
    """Close what was prescribed after it was asked for."""
    return actions.close_prescribed(
        session, patient=PATIENT, request=request, task_seen=task(request).version, by_name="Lege",
    )  # fmt: skip


def decline(session: Session, request: str, words: str = "Ta kontakt for en time") -> None:
    """Say no to what is left of a request."""
    actions.decline(
        session, patient=PATIENT, request=request, task_seen=task(request).version, words=words,
        by_name="Lege",
    )  # fmt: skip
