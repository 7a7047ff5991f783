"""The words of a cut-over: its tasks, how they stand, and what was decided."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.rollout.cutover import TaskKind, TaskState, Verdict

TASKS: dict[str, Promise] = {
    "gates-looked-at": _("Look at the gates once more: what is open, what is waived"),
    "first-decision": _("Go or no-go: does the cut-over begin?"),
    "information-sent": _(
        "Staff, residents and those who exchange messages with us are told the hours"
    ),
    "paper-ready": _("Lists for work on paper are printed, and checked by two"),
    "old-systems-closed": _("Nobody writes in the old systems any more; reading stays open"),
    "automatic-transfer": _("What a program moves is moved"),
    "manual-transfer": _(
        "What is moved by hand is moved: medicines, allergies, appointments, decisions"
    ),
    "transfer-balances": _("What was moved balances, and samples were looked at"),
    "access-opened": _("Accounts and roles are open; one of each role has tried"),
    "last-decision": _("Go or no-go: do we go live?"),
    "point-of-no-return": _("Point of no return: from here on we do not turn back"),
    "go-live": _("The services work in the platform"),
    "first-messages": _("First messages in and out were confirmed by their receivers"),
    "paper-written-in": _("What was written on paper is written in, and checked by two"),
    "first-night": _("The night shift has its super-user and its list of what to watch"),
    "day-looked-at": _("The first day is looked at: tickets, incidents, what waits"),
}
STATES: dict[str, Promise] = {
    TaskState.WAITING: _("waits"),
    TaskState.UNDER_WAY: _("under way"),
    TaskState.DONE: _("done"),
}
KINDS: dict[str, Promise] = {
    TaskKind.DECISION: _("decision"),
    TaskKind.ROLLBACK: _("point of no return"),
}
VERDICTS: dict[str, Promise] = {
    Verdict.GO: _("go"),
    Verdict.NO_GO: _("no-go"),
    Verdict.TURNED_BACK: _("turned back to the old systems"),
}


def task(task_id: str) -> str:
    """A task in words."""
    return str(TASKS.get(task_id, task_id))


__all__ = ["KINDS", "STATES", "TASKS", "VERDICTS", "task"]
