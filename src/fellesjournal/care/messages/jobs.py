"""What happens to deliveries by themselves: reactions to events. Thin: see actions."""

from __future__ import annotations

from collections.abc import Mapping

from fellesjournal.access.sessions import Session
from fellesjournal.care.messages import actions, queries, telling
from fellesjournal.care.messages.inside import give_to_read, hand_over_inside
from fellesjournal.care.messages.outside.receiving import take_in_all
from fellesjournal.care.messages.outside.sending import send_outside
from fellesjournal.care.messages.states import Route, State


def deliver(session: Session, payload: Mapping[str, str]) -> None:
    """On ``delivery-queued``: put the document where its recipient finds it."""
    found = queries.delivery_by(session, payload["delivery"])
    match found.recipient.route:
        case Route.INSIDE:
            task = hand_over_inside(session, found)
            actions.prove(session, found.id, State.DELIVERED, task)
        case Route.HELSAMI:
            # it stands in HelsaMi from the moment it is in the record
            actions.prove(session, found.id, State.DELIVERED, found.document)
        case Route.NATIONAL:
            send_outside(session, found)
        case Route.PAPER:
            pass  # printed and posted by people: queries.to_print


def check_deadline(session: Session, payload: Mapping[str, str]) -> None:
    """On ``delivery-due``."""
    actions.expire(session, payload["delivery"].partition("/")[2])


def take_up_failed(session: Session, payload: Mapping[str, str]) -> None:
    """On ``delivery-failed``."""
    actions.take_up(session, queries.delivery_by(session, payload["delivery"]))


def note_read(session: Session, payload: Mapping[str, str]) -> None:
    """On ``delivery-read``: the receiving unit has read it."""
    found = queries.delivery_by(session, payload["delivery"])
    if found.recipient.route is Route.INSIDE:  # of the other ways there is other evidence
        actions.prove(session, found.id, State.ACCEPTED, payload["task"])


def note_opened(session: Session, payload: Mapping[str, str]) -> None:
    """On ``letter-opened``: evidence for each delivery of it to the citizen."""
    for found in queries.deliveries_of(session, payload["document"]):
        if found.recipient.route is Route.HELSAMI:
            actions.prove(session, found.id, State.OPENED, payload["person"])


def send_referral(session: Session, payload: Mapping[str, str]) -> None:
    """On ``referral-sent``."""
    telling.send_referral(session, payload, step="sent")


def send_changed_referral(session: Session, payload: Mapping[str, str]) -> None:
    """On ``referral-changed``."""
    telling.send_referral(session, payload, step="changed")


def send_cancelled_referral(session: Session, payload: Mapping[str, str]) -> None:
    """On ``referral-cancelled``."""
    telling.send_referral(session, payload, step="cancelled")


def tell_of_referral(session: Session, payload: Mapping[str, str]) -> None:
    """On ``referral-accepted``, ``-rejected``, ``-called-in``, ``-postponed``, ``-overdue``."""
    telling.tell_of_referral(session, payload)


def ask_referrer(session: Session, payload: Mapping[str, str]) -> None:
    """On ``referral-returned``."""
    telling.ask_referrer(session, payload)


def tell_of_decision(session: Session, payload: Mapping[str, str]) -> None:
    """On ``decision-made``."""
    telling.tell_of_decision(session, payload)


def send_stay_notice(session: Session, payload: Mapping[str, str]) -> None:
    """On ``stay-notice-made``."""
    telling.send_stay_notice(session, payload)


def tell_of_emergency_contact(session: Session, payload: Mapping[str, str]) -> None:
    """On ``emergency-contact-ended``."""
    telling.tell_of_emergency_contact(session, payload)


def read_at_unit(session: Session, payload: Mapping[str, str]) -> None:
    """On ``referral-message-set-aside``: somebody at the unit reads what changed nothing."""
    give_to_read(session, payload)


def take_in_messages(session: Session) -> None:
    """Every few seconds: what other systems have sent."""
    take_in_all(session)


__all__ = [
    "ask_referrer", "check_deadline", "deliver", "note_opened", "note_read", "read_at_unit",
    "send_cancelled_referral", "send_changed_referral", "send_referral", "send_stay_notice",
    "take_in_messages", "take_up_failed", "tell_of_decision", "tell_of_emergency_contact",
    "tell_of_referral",
]  # fmt: skip
