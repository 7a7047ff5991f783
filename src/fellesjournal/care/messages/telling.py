"""Documents that follow from what others have decided: written and queued by the platform (INV-1).

Each reacts to an event of a package that knows nothing of deliveries, reads what stands in the
record, and makes one document with a delivery for each who is to have it. The number of the
document follows from what it tells of, so that told twice it is one (INV-8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fellesjournal.access import acts
from fellesjournal.access.acts import Resource
from fellesjournal.access.directory.systems import is_outsider
from fellesjournal.access.list_gp import gp_offices
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages import wording
from fellesjournal.care.messages.actions import Sender, send_for
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.letters import Letter, Section
from fellesjournal.care.messages.outside import logistics, referrals
from fellesjournal.care.messages.queries import recipient_of
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation import clock
from fellesjournal.registry.numbers import DNR_SYSTEM, FNR_SYSTEM

Payload = Mapping[str, str]

_ACTIONS = {"sent": "N", "changed": "M", "cancelled": "C"}
_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
_PLO = {
    "LOG_INNLAGT": Kind.ADMITTED,
    "LOG_UTSKRIVNINGSKLAR": Kind.READY,
    "LOG_AVMELDING": Kind.READY_WITHDRAWN,
    "LOG_UTSKREVET": Kind.DISCHARGED,
    "LOG_DOD": Kind.DEAD,
}


def send_referral(session: Session, payload: Payload, *, step: str) -> None:
    """A referral was ``sent``, ``changed`` or ``cancelled``: a message, where its receiver uses
    another system. On the platform it stands in the receiver's worklist already.
    """
    request = _read(session, payload["referral"])
    unit = _unit_of(session, payload["receiver"])
    own = payload.get("referring-unit", "")
    if unit is None or not is_outsider(unit) or not own:
        return
    sender = _read(session, own)
    if is_outsider(sender):
        return  # its own message, on its way to somebody else
    number = referrals.base_number(str(request["id"]))
    if step != "sent":
        number = f"{number}-{step}-{request['meta']['versionId']}"
    to = f"Organization/{unit['id']}"
    letter = _letter(
        session,
        payload["patient"],
        title=wording.REFERRAL_TITLES[step],
        to=(str(unit.get("name", "")),),
        sender=sender,
        author=reading.reference_text(request.get("requester")),
        sections=wording.referral(request),
    )
    send_for(
        session,
        letter,
        sender=Sender(reading.reference_target(request.get("requester")) or own, own),
        patient=payload["patient"],
        recipients=[recipient_of(session, to)],
        number=number,
        kind=Kind.REFERRAL,
        about=[payload["referral"]],
        action=_ACTIONS[step],
        urgent=request.get("priority") in {"urgent", "asap"},
    )


def tell_of_referral(session: Session, payload: Payload) -> None:
    """What a referral has come to, as a letter to the patient and to who referred her (L10)."""
    for fact in ("to-patient", "to-referrer"):
        if payload.get(fact):
            _send_notice(session, payload, payload[fact])


def _send_notice(session: Session, payload: Payload, reference: str) -> None:
    notice = _read(session, reference)
    to = reading.reference_target(next(reading.elements(notice.get("recipient")), {}))
    office = reading.reference_target(notice.get("sender"))
    if not to or not office:
        return
    lang = _language(session, to)
    recipient = recipient_of(session, to)
    topic = next((code for _, code, _ in reading.codings(notice.get("topic"))), "")
    letter = _letter(
        session,
        payload["patient"],
        title=wording.notice_title(topic, lang),
        to=(recipient.name,),
        sender=_read(session, office),
        sections=(Section("", (_words(notice, lang),)),),
        lang=lang,
    )
    send_for(
        session,
        letter,
        sender=Sender(office, office),
        patient=payload["patient"],
        recipients=[recipient],
        number=f"notice-{notice['id']}",
        kind=Kind.REFERRAL_STATUS,
        about=list(filter(None, [payload["referral"], reference, payload.get("appointment")])),
    )


def ask_referrer(session: Session, payload: Payload) -> None:
    """The office asks who referred; where that is on another system, the question is a message.

    On the platform the question is owned work there already (a Task with a deadline).
    """
    tell_of_referral(session, payload)
    task = _read(session, payload["question"]) if payload.get("question") else {}
    to = reading.reference_target(task.get("owner"))
    office = reading.reference_target(task.get("requester"))
    if not to or not office or not is_outsider(_read(session, to)):
        return
    recipient = recipient_of(session, to)
    letter = _letter(
        session,
        payload["patient"],
        title=wording.QUESTION_TITLE,
        to=(recipient.name,),
        sender=_read(session, office),
        sections=(Section("", wording.asked(task)),),
    )
    send_for(
        session,
        letter,
        sender=Sender(office, office),
        patient=payload["patient"],
        recipients=[recipient],
        number=f"question-{task['id']}",
        kind=Kind.QUESTION,
        about=[payload["referral"], payload["question"]],
    )


def tell_of_decision(session: Session, payload: Payload) -> None:
    """A decision on an application (L12), with its reasons and how to appeal, to the citizen."""
    decision, application = (_read(session, payload[name]) for name in ("decision", "application"))
    office = reading.reference_target(next(reading.elements(application.get("performer")), {}))
    who = reading.reference_target(decision.get("requester"))
    lang = _language(session, payload["patient"])
    recipient = recipient_of(session, payload["patient"])
    letter = _letter(
        session,
        payload["patient"],
        title=wording.decision_title(decision, lang),
        to=(recipient.name,),
        sender=_read(session, office),
        author=_name(session, who),
        sections=wording.decision(decision, lang),
        lang=lang,
    )
    send_for(
        session,
        letter,
        sender=Sender(who or office, office),
        patient=payload["patient"],
        recipients=[recipient],
        number=f"decision-{decision['id']}",
        kind=Kind.DECISION,
        about=[payload["decision"], payload["application"]],
    )


def send_stay_notice(session: Session, payload: Payload) -> None:
    """A notice of a stay goes as a message to a unit on another system."""
    unit = _read(session, payload["unit"])
    if not is_outsider(unit):
        return
    kind = _PLO[payload["kind"]]
    letter = _letter(
        session,
        payload["patient"],
        title=wording.STAY_TITLES[kind],
        to=(str(unit.get("name", "")),),
        sender=_read(session, payload["sender"]),
        sections=wording.stay(kind, _read(session, payload["encounter"])),
    )
    send_for(
        session,
        letter,
        sender=Sender(payload["sender"], payload["sender"]),
        patient=payload["patient"],
        recipients=[recipient_of(session, payload["unit"])],
        number=logistics.base_number(payload["notice"]),
        kind=kind,
        about=[payload["notice"], payload["encounter"]],
    )


def tell_of_emergency_contact(session: Session, payload: Payload) -> None:
    """An out-of-hours clinic has ended a contact: the list GP is told, always (norway.md 12.4).

    Somebody without a list GP is told of to nobody; the clinic's page says so.
    """
    offices = gp_offices(session, payload["patient"])
    if not offices:
        return
    recipients = [recipient_of(session, each) for each in offices]
    encounter = _read(session, payload["encounter"])
    letter = _letter(
        session,
        payload["patient"],
        title=wording.EMERGENCY_TITLE,
        to=tuple(each.name for each in recipients),
        sender=_read(session, payload["unit"]),
        author=_name(session, payload["by"]),
        sections=wording.emergency_contact(encounter, payload["outcome"], payload["urgency"]),
    )
    send_for(
        session,
        letter,
        sender=Sender(payload["by"], payload["unit"]),
        patient=payload["patient"],
        recipients=recipients,
        number=f"emergency-contact-{encounter['id']}",
        kind=Kind.LETTER,
        about=[payload["encounter"]],
    )


def _letter(
    session: Session,
    patient: str,
    *,
    title: str,
    to: tuple[str, ...],
    sender: Resource,
    sections: Sequence[Section],
    author: str = "",
    lang: str = "nb",
) -> Letter:
    person = _read(session, patient)
    numbers = (
        str(each.get("value", ""))
        for each in person.get("identifier", ())
        if each.get("system") in {FNR_SYSTEM, DNR_SYSTEM}
    )
    name = reading.name_text(person.get("name"))
    unit = str(sender.get("name", ""))
    return Letter(
        title=title,
        lang=lang,
        to=to,
        about=", ".join(filter(None, [name, next(numbers, "")])),
        sender=unit,
        place="",
        author=author or unit,
        day=clock.today(),
        sections=tuple(sections),
    )


def _unit_of(session: Session, receiver: str) -> Resource | None:
    """The Organization behind a receiver of referrals."""
    try:
        data = _read(session, receiver)
        if receiver.startswith("HealthcareService/"):
            return _read(session, reading.reference_target(data.get("providedBy")))
    except FhirError:
        return None
    return data


def _read(session: Session, reference: str) -> Resource:
    kind, _, fhir_id = reference.partition("/")
    return acts.read(session, kind, fhir_id)[0]


def _name(session: Session, reference: str) -> str:
    return reading.name_text(_read(session, reference).get("name")) if reference else ""


def _language(session: Session, to: str) -> str:
    """In which language somebody is written to: hers, where a letter can be; else bokmål."""
    if not to.startswith("Patient/"):
        return "nb"
    said = reading.elements(_read(session, to).get("communication"))
    spoken = sorted(said, key=lambda each: each.get("preferred") is not True)
    for each in spoken:
        code = reading.first_code(each.get("language")).partition("-")[0]
        if code in {"nb", "nn", "en"}:
            return code
    return "nb"


def _words(notice: Resource, lang: str) -> str:
    said = next(reading.elements(notice.get("payload")), {})
    for extension in reading.elements((said.get("_contentString") or {}).get("extension")):
        inner = {each["url"]: each for each in reading.elements(extension.get("extension"))}
        is_hers = inner.get("lang", {}).get("valueCode") == lang
        if extension.get("url") == _TRANSLATION and is_hers:
            return reading.string(inner["content"].get("valueString"))
    return reading.string(said.get("contentString"))


__all__ = [
    "ask_referrer", "send_referral", "send_stay_notice", "tell_of_decision",
    "tell_of_emergency_contact", "tell_of_referral",
]  # fmt: skip
