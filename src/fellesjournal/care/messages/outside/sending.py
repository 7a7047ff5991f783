"""Documents to units on other systems, each as the national message of its kind.

Which message is chosen by what the receiver reads (INV-4). The message number follows from the
delivery: sent again after a crash, it is the same message, which the receiver takes in once
(INV-8). What can't be addressed or read there is refused at once, and somebody takes it up (INV-2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from fellesjournal.access.directory.systems import reads
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages import actions
from fellesjournal.care.messages.kinds import AS_WORDS, INSTEAD, NATIONAL, REPORTS, Kind
from fellesjournal.care.messages.outside import dialogues, logistics, referrals, reports, summaries
from fellesjournal.care.messages.outside.addressing import NoAddress
from fellesjournal.care.messages.outside.envelopes import Outgoing, outgoing
from fellesjournal.care.messages.outside.mailbox import mailbox
from fellesjournal.care.messages.resources import Delivery
from fellesjournal.care.messages.states import State

Writer = Callable[[Session, Outgoing], bytes]

_WRITERS: Mapping[Kind, Writer] = MappingProxyType(
    {
        Kind.LETTER: dialogues.letter,
        Kind.DECISION: dialogues.letter,
        Kind.DISCHARGE_SUMMARY: summaries.summary,
        Kind.REFERRAL: referrals.referral,
        Kind.REFERRAL_STATUS: dialogues.referral_status,
        Kind.QUESTION: dialogues.question,
        **dict.fromkeys(logistics.KINDS, logistics.notice),
        **dict.fromkeys(REPORTS, reports.report),
    }
)


class CannotRead(Exception):
    """The receiver's system reads neither this kind of message nor what could go instead."""


def send_outside(session: Session, delivery: Delivery) -> None:
    """Hand a document over to the message service. What can't be addressed is refused at once."""
    try:
        write = _writer(session, delivery)
        content = write(session, outgoing(session, delivery))
    except (NoAddress, CannotRead) as error:
        actions.prove(session, delivery.id, State.REJECTED, str(error))
        return
    mailbox().send(f"{delivery.message}.xml", content)
    actions.prove(session, delivery.id, State.HANDED_OVER, delivery.message)


def _writer(session: Session, delivery: Delivery) -> Writer:
    to, kind = delivery.recipient.reference, delivery.kind
    if reads(session, to, *NATIONAL[kind]):
        return _WRITERS[kind]
    if kind in AS_WORDS and reads(session, to, *INSTEAD):
        return dialogues.letter
    raise CannotRead(f"the receiver does not read {' '.join(NATIONAL[kind])}")


__all__ = ["CannotRead", "send_outside"]
