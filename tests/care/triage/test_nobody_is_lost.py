"""INV-12 at the out-of-hours clinic: whatever is done and however long it takes, everybody who has
come or called stands on the board, with an owner, until somebody has said how it ended.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.access import records
from fellesjournal.access.sessions import Session
from fellesjournal.access.waiting import OUTCOMES
from fellesjournal.care.triage import actions, queries
from fellesjournal.care.triage.codes import Urgency, Way
from fellesjournal.care.triage.jobs import find_long_waits
from fellesjournal.care.triage.refusals import ContactRefused
from fellesjournal.care.triage.scales import rank
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation import clock
from tests.care.triage.world import PATIENTS, World, nothing_stays, now, world
from tests.staff import SYSTEM

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 3, 6, 18, tzinfo=UTC)
LEVELS = (Urgency.RED, Urgency.ORANGE, Urgency.YELLOW, Urgency.GREEN)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["take-in", "arrive", "triage", "take", "take-over", "hand-back", "end", "stale-end",
             "later", "months-later"]
        ),
        st.integers(0, len(PATIENTS) - 1),
        st.integers(0, 5),
    ),
    max_size=16,
)  # fmt: skip


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=ACTS)
def test_inv_12_over_any_acts_and_any_time_nobody_who_waits_is_lost(
    steps: list[tuple[str, int, int]],
) -> None:
    with nothing_stays():
        at = EVENING
        with clock.at(at):
            clinic = world()
        open_: dict[str, str] = {}
        for what, who, number in steps:
            if what.endswith("later"):
                at += timedelta(days=75) if what == "months-later" else timedelta(minutes=30)
            with clock.at(at):
                _do(clinic, open_, what, PATIENTS[who], number)
                find_long_waits(SYSTEM)
                _ask(clinic, open_)


def _do(clinic: World, open_: dict[str, str], what: str, patient: str, number: int) -> None:
    """Try one act; what may not be done is refused, and changes nothing."""
    contact = open_.get(patient, "")
    known = queries.contact_by(SYSTEM, patient, contact) if contact else None
    doctor = (clinic.doctor, clinic.other)[number % 2].again()
    try:
        if what == "take-in":
            way = list(Way)[number % 3]
            made = clinic.take_in(patient, way=way, urgency=LEVELS[number % 4])
            open_[patient] = made.id
        elif known is None:
            return
        elif what == "arrive":
            actions.arrive(clinic.nurse.again(), patient=patient, contact_id=contact)
        elif what == "triage":
            clinic.triage(known, LEVELS[number % 4])
        elif what in {"take", "take-over"}:
            instead = known.owner.reference if what == "take-over" else ""
            clinic.take(known, doctor, instead_of=instead)
        elif what == "hand-back":
            actions.hand_back(doctor, patient=patient, contact_id=contact)
        elif what in {"end", "stale-end"}:
            seen = known.version + (what == "stale-end")
            actions.end(
                doctor, patient=patient, contact_id=contact, seen=seen,
                outcome=OUTCOMES[number], words="Som avtalt med pasienten.",
            )  # fmt: skip
            del open_[patient]
    except (ContactRefused, PreconditionFailed):
        return


def _ask(clinic: World, open_: dict[str, str]) -> None:
    for session in (clinic.nurse.again(), clinic.doctor.again()):
        board = queries.board(session)
        rows = [*board.waiting, *board.taken]
        assert sorted(each.contact.id for each in rows) == sorted(open_.values())
        assert board.count == len(rows) == _counted(session)
        assert all(each.owner for each in rows)
        urgent = [rank(each.contact.urgency) for each in board.waiting]
        assert urgent == sorted(urgent)
        assert all(each.contact.raised for each in board.waiting if each.is_over)
    for patient, contact in open_.items():
        found = queries.contact_by(SYSTEM, patient, contact)
        triages = queries.triages_of(SYSTEM, now(found))
        assert triages[0].urgency is found.urgency


def _counted(session: Session) -> int:
    query = [("service-provider", "Organization/legevakt"), ("class", "EMER"),
             ("status:not", "finished,entered-in-error"), ("_count", "50")]  # fmt: skip
    return len(records.search(session, "Encounter", query).matches)
