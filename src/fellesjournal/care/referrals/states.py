"""The states of a referral and every step between them: the whole of its life on one page.

A step that is not in the table does not happen. No step is taken by the clock: a patient who
waits leaves the list by a coded outcome, by being merged or by death alone (INV-12).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a referral stands; the value is its code in resources."""

    DRAFT = "draft"
    TO_ASSESS = "to-assess"
    ASKED = "asked"
    WAITING = "waiting"
    CALLED_IN = "called-in"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    ENDED = "ended"

    @property
    def is_open(self) -> bool:
        """Whether somebody at the receiver answers for it: it is on a worklist (INV-13)."""
        return self in OPEN

    @property
    def is_waiting(self) -> bool:
        """Whether the patient is on the waiting list."""
        return self in {State.WAITING, State.CALLED_IN}


OPEN = frozenset({State.TO_ASSESS, State.ASKED, State.WAITING, State.CALLED_IN})


class Step(StrEnum):
    """What somebody does to a referral; also the word in addresses."""

    SEND = "send"
    CHANGE = "change"
    CANCEL = "cancel"
    ACCEPT = "accept"
    ASK = "ask"
    ANSWER = "answer"
    REJECT = "reject"
    ALLOCATE = "allocate"
    POSTPONE = "postpone"
    END = "end"


TRANSITIONS: Mapping[tuple[State, Step], State] = {
    (State.DRAFT, Step.SEND): State.TO_ASSESS,
    (State.DRAFT, Step.CHANGE): State.DRAFT,
    (State.DRAFT, Step.CANCEL): State.CANCELLED,
    (State.TO_ASSESS, Step.ACCEPT): State.WAITING,
    (State.TO_ASSESS, Step.ASK): State.ASKED,
    (State.TO_ASSESS, Step.REJECT): State.REJECTED,
    (State.TO_ASSESS, Step.CHANGE): State.TO_ASSESS,
    (State.TO_ASSESS, Step.CANCEL): State.CANCELLED,
    # The answer may come by telephone: who has asked may decide without it.
    (State.ASKED, Step.ANSWER): State.TO_ASSESS,
    (State.ASKED, Step.ACCEPT): State.WAITING,
    (State.ASKED, Step.REJECT): State.REJECTED,
    (State.ASKED, Step.CHANGE): State.ASKED,
    (State.ASKED, Step.CANCEL): State.CANCELLED,
    (State.WAITING, Step.ALLOCATE): State.CALLED_IN,
    (State.WAITING, Step.CHANGE): State.WAITING,
    (State.WAITING, Step.CANCEL): State.CANCELLED,
    (State.WAITING, Step.END): State.ENDED,
    # An appointment that is cancelled or missed leads back to the list, never off it.
    (State.CALLED_IN, Step.POSTPONE): State.WAITING,
    (State.CALLED_IN, Step.CHANGE): State.CALLED_IN,
    (State.CALLED_IN, Step.CANCEL): State.CANCELLED,
    (State.CALLED_IN, Step.END): State.ENDED,
}
"""From which state which step leads where."""


class NotPossible(Exception):
    """A step that this referral can't take from where it stands."""

    code = "not-possible-now"

    def __init__(self, state: State, step: Step) -> None:
        super().__init__(f"a referral that is {state.value} can't {step.value}")
        self.state = state
        self.step = step


def after(state: State, step: Step) -> State:
    """Where a step leads. Raises NotPossible."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise NotPossible(state, step) from None


def possible(state: State) -> frozenset[Step]:
    """The steps a referral can take from here."""
    return frozenset(step for found, step in TRANSITIONS if found is state)


__all__ = ["OPEN", "TRANSITIONS", "NotPossible", "State", "Step", "after", "possible"]
