"""Letters to units on other systems, as professional dialogue (DIALOG_HELSEFAGLIG).

The message number follows from the delivery: sent again after a crash, it is the same message,
which the receiver takes in once (INV-8).
"""

from __future__ import annotations

from datetime import UTC

from fellesjournal.access import acts
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages import actions
from fellesjournal.care.messages.outside.addressing import NoAddress, party_of, person_of
from fellesjournal.care.messages.outside.mailbox import mailbox
from fellesjournal.care.messages.queries import Sent, letter_by, letter_file
from fellesjournal.care.messages.resources import Delivery
from fellesjournal.care.messages.states import State
from fellesjournal.foundation import clock
from fellesjournal.national.dialogue import (
    PROFESSIONAL,
    Dialogue,
    DialogueMessage,
    Note,
    write_dialogue,
)
from fellesjournal.national.envelope import Document, MessageInfo, Reference
from fellesjournal.national.values import Code, Coded, Content, Foreign, RichText, Timestamp, volven

# 7322 topic of a note, as in the national example of professional dialogue
_ABOUT_A_PATIENT = Coded("6", volven(7322), "Henvendelse om pasient")
# 8114 type of document: attachments
_ATTACHMENT = Code("A", "Vedlegg")
_KIND = Code(PROFESSIONAL, "Helsefaglig dialog")


def send_outside(session: Session, delivery: Delivery) -> None:
    """Hand a letter over to the message service. What can't be addressed is refused at once."""
    patient = delivery.patient.partition("/")[2]
    document = delivery.document.partition("/")[2]
    letter = letter_by(session, patient, document)
    try:
        content = _message(session, delivery, letter, letter_file(session, patient, document))
    except NoAddress as error:
        actions.prove(session, delivery.id, State.REJECTED, str(error))
        return
    mailbox().send(f"{delivery.message}.xml", content)
    actions.prove(session, delivery.id, State.HANDED_OVER, delivery.message)


def _message(session: Session, delivery: Delivery, letter: Sent, file: bytes) -> bytes:
    person, _ = acts.read(session, "Patient", delivery.patient.partition("/")[2])
    sent = (delivery.sent or clock.now()).astimezone(UTC)
    return write_dialogue(
        DialogueMessage(
            info=MessageInfo(
                kind=_KIND,
                generated=Timestamp(f"{sent:%Y-%m-%dT%H:%M:%SZ}"),
                id=delivery.message,
                sender=party_of(session, delivery.owner),
                receiver=party_of(session, delivery.recipient.reference),
                patient=person_of(person),
            ),
            payload=Dialogue(
                notes=(
                    Note(
                        topic=_ABOUT_A_PATIENT,
                        title=letter.title,
                        text=RichText(letter.text),
                        written=Timestamp(f"{sent:%Y-%m-%d}"),
                    ),
                )
            ),
            attachments=(
                Document(
                    reference=Reference(
                        type=_ATTACHMENT,
                        mime_type="application/pdf",
                        description=letter.title,
                        content=Content((Foreign.base64(file),)),
                    )
                ),
            ),
        )
    )


__all__ = ["send_outside"]
