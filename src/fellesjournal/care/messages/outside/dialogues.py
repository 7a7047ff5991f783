"""What goes out as dialogue: letters, the status of a referral, a question to who referred."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fellesjournal.access.acts import Resource
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.outside.envelopes import (
    Outgoing,
    attached,
    info,
    message_number_of,
    read_related,
)
from fellesjournal.fhir import reading
from fellesjournal.national.dialogue import (
    PROFESSIONAL,
    REFERRAL_STATUSES,
    REQUEST,
    Dialogue,
    DialogueMessage,
    Note,
    Request,
    write_dialogue,
)
from fellesjournal.national.dialogue import REFERRAL_STATUS as STATUS
from fellesjournal.national.envelope import Conversation
from fellesjournal.national.values import Coded, RichText, volven

# 7322 topic of a note, as in the national example of professional dialogue
_ABOUT_A_PATIENT = Coded("6", volven(7322), "Henvendelse om pasient")
# 9152 type of request, as in the national example of a request
_OTHER_REQUEST = Coded("99", volven(9152), "Annen henvendelse")
_NOTICE = "https://fellesjournal.example/fhir/CodeSystem/notice"
# 9148. Assumption (configurable): what 9148 has no code for goes as professional dialogue.
_STATUSES: Mapping[str, Coded] = MappingProxyType(
    {
        "referral-accepted": Coded("2", REFERRAL_STATUSES, "Rett til helsehjelp, tidspunkt kommer"),
        "referral-called-in": Coded("1", REFERRAL_STATUSES, "Innkalles til helsehjelp"),
        "referral-rejected": Coded("4", REFERRAL_STATUSES, "Henvisningen er avvist"),
    }
)


def letter(session: Session, out: Outgoing) -> bytes:
    """A letter as professional dialogue, with the letter itself attached."""
    return write_dialogue(
        DialogueMessage(
            info=info(session, out, PROFESSIONAL),
            payload=Dialogue(notes=(_note(out, _ABOUT_A_PATIENT),)),
            attachments=attached(out),
        )
    )


def referral_status(session: Session, out: Outgoing) -> bytes:
    """What a referral has come to (9148), in the thread of the referral's own message."""
    notice = read_related(session, out, "Communication") or {}
    status = _STATUSES.get(_topic(notice))
    if status is None:
        return letter(session, out)
    return write_dialogue(
        DialogueMessage(
            info=info(session, out, STATUS, conversation=_thread(session, out)),
            payload=Dialogue(notes=(_note(out, status),)),
            attachments=attached(out),
        )
    )


def question(session: Session, out: Outgoing) -> bytes:
    """A question to who referred; the answer comes back in its thread."""
    return write_dialogue(
        DialogueMessage(
            info=info(session, out, REQUEST, conversation=_thread(session, out)),
            payload=Dialogue(
                requests=(
                    Request(
                        type=_OTHER_REQUEST,
                        subject=out.letter.title,
                        question=RichText(out.letter.text),
                    ),
                )
            ),
            attachments=attached(out),
        )
    )


def _note(out: Outgoing, topic: Coded) -> Note:
    return Note(
        topic=topic,
        title=out.letter.title,
        text=RichText(out.letter.text),
        written=out.day,
    )


def _topic(notice: Resource) -> str:
    codings = reading.codings(notice.get("topic"))
    return next((code for system, code, _ in codings if system == _NOTICE), "")


def _thread(session: Session, out: Outgoing) -> Conversation | None:
    """The messages the referral came in, the first of them and the last."""
    request = read_related(session, out, "ServiceRequest") or {}
    came = [
        number
        for each in reading.elements(request.get("supportingInfo"))
        if (number := message_number_of(session, reading.reference_target(each)))
    ]
    return Conversation(parent=came[-1], first=came[0]) if came else None


__all__ = ["letter", "question", "referral_status"]
