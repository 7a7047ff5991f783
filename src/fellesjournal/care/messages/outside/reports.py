"""A nursing or care report as it was signed, in the head of its message (PLO 1.6)."""

from __future__ import annotations

from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.kinds import NATIONAL
from fellesjournal.care.messages.outside.addressing import NoAddress
from fellesjournal.care.messages.outside.envelopes import Outgoing, attached, info
from fellesjournal.care.messages.queries import letter_payload
from fellesjournal.national.nursing import NursingMessage, read_report, write_nursing


def report(session: Session, out: Outgoing) -> bytes:
    """What was signed, not what the record says now. Raises NoAddress."""
    delivery = out.delivery
    patient, document = (each.partition("/")[2] for each in (delivery.patient, delivery.document))
    signed = letter_payload(session, patient, document)
    if not signed:
        raise NoAddress("the report was signed without its content")
    payload = read_report(signed, NATIONAL[delivery.kind][0])
    return write_nursing(
        NursingMessage(info=info(session, out), payload=payload, attachments=attached(out))
    )


__all__ = ["report"]
