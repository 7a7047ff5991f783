"""What patient and referrer are told of a referral (INV-14, L10), in three languages.

A notice is a Communication to one recipient, written in the act it tells of. That it has been
received is not known when it is written: the delivery package follows it from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from fellesjournal.access.acts import create
from fellesjournal.access.writing import Operation
from fellesjournal.care.referrals import codes
from fellesjournal.care.referrals.resources import Referral, Resource, named
from fellesjournal.foundation import clock

_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
_KEYS = "https://fellesjournal.example/fhir/NamingSystem/referral-notice"
LANGUAGES = ("nb", "nn", "en")


class Notice(StrEnum):
    """What a notice is about."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CALLED_IN = "called-in"
    POSTPONED = "postponed"
    OVERDUE = "overdue"
    ASKED = "asked"
    """To the patient alone: who referred her has the question itself."""


# {unit}: who assesses; {day}: a deadline or an appointment; {why}: a reason in words.
_TO_PATIENT: Mapping[Notice, tuple[str, str, str]] = {
    Notice.ACCEPTED: (
        (
            "{unit} har vurdert henvisningen din. Du har rett til helsehjelp, og den skal starte"
            " senest {day}. Du får beskjed når du har fått time."
        ),
        (
            "{unit} har vurdert tilvisinga di. Du har rett til helsehjelp, og ho skal starte"
            " seinast {day}. Du får beskjed når du har fått time."
        ),
        (
            "{unit} has assessed your referral. You have a right to health care, which is to begin"
            " by {day} at the latest. You will be told when you have an appointment."
        ),
    ),
    Notice.REJECTED: (
        (
            "{unit} har vurdert henvisningen din og avvist den. Begrunnelse: {why}"
            " Den som henviste deg, har fått samme beskjed."
        ),
        (
            "{unit} har vurdert tilvisinga di og avvist henne. Grunngiving: {why}"
            " Den som viste deg til, har fått same beskjeden."
        ),
        (
            "{unit} has assessed your referral and rejected it. Reason: {why}"
            " Who referred you has been told the same."
        ),
    ),
    Notice.CALLED_IN: (
        "Du har fått time hos {unit} {day}.",
        "Du har fått time hos {unit} {day}.",
        "You have an appointment at {unit} on {day}.",
    ),
    Notice.POSTPONED: (
        "Timen din hos {unit} gjelder ikke lenger. Du står fortsatt på ventelisten og får ny time.",
        "Timen din hos {unit} gjeld ikkje lenger. Du står framleis på ventelista og får ny time.",
        (
            "Your appointment at {unit} no longer holds. You are still on the waiting list and will"
            " get a new one."
        ),
    ),
    Notice.ASKED: (
        (
            "{unit} vurderer henvisningen din, og har spurt den som henviste deg om mer."
            " Du trenger ikke å gjøre noe."
        ),
        (
            "{unit} vurderer tilvisinga di, og har spurt den som viste deg til om meir."
            " Du treng ikkje å gjere noko."
        ),
        (
            "{unit} is assessing your referral, and has asked who referred you for more."
            " You do not need to do anything."
        ),
    ),
    Notice.OVERDUE: (
        (
            "{unit} skulle ha vurdert henvisningen din innen {day}, og har ikke gjort det."
            " {unit} skal nå melde fra til Helfo. Du står fortsatt i køen."
        ),
        (
            "{unit} skulle ha vurdert tilvisinga di innan {day}, og har ikkje gjort det."
            " {unit} skal no melde frå til Helfo. Du står framleis i køen."
        ),
        (
            "{unit} was to assess your referral by {day}, and has not done so. {unit} must now tell"
            " Helfo. You keep your place in the queue."
        ),
    ),
}
_TO_REFERRER: Mapping[Notice, tuple[str, str, str]] = {
    Notice.ACCEPTED: (
        "{unit} har vurdert henvisningen: rett til helsehjelp, frist {day}.",
        "{unit} har vurdert tilvisinga: rett til helsehjelp, frist {day}.",
        "{unit} has assessed the referral: right to health care, deadline {day}.",
    ),
    Notice.REJECTED: (
        "{unit} har avvist henvisningen. Begrunnelse: {why}",
        "{unit} har avvist tilvisinga. Grunngiving: {why}",
        "{unit} has rejected the referral. Reason: {why}",
    ),
    Notice.CALLED_IN: (
        "Pasienten er kalt inn til {unit} {day}.",
        "Pasienten er kalla inn til {unit} {day}.",
        "The patient is called in to {unit} on {day}.",
    ),
    Notice.POSTPONED: (
        "Timen hos {unit} gjelder ikke lenger. Pasienten står fortsatt på ventelisten.",
        "Timen hos {unit} gjeld ikkje lenger. Pasienten står framleis på ventelista.",
        "The appointment at {unit} no longer holds. The patient is still on the waiting list.",
    ),
    Notice.OVERDUE: (
        (
            "{unit} skulle ha vurdert henvisningen innen {day}, og har ikke gjort det."
            " {unit} skal nå melde fra til Helfo."
        ),
        (
            "{unit} skulle ha vurdert tilvisinga innan {day}, og har ikkje gjort det."
            " {unit} skal no melde frå til Helfo."
        ),
        (
            "{unit} was to assess the referral by {day}, and has not done so. {unit} must now tell"
            " Helfo."
        ),
    ),
}


def both_told(
    notice: Notice, referral: Referral, unit: str, *, day: date | str | None = None, why: str = ""
) -> list[Operation]:
    """A notice to the patient and, unless it is for her alone, one to the referring unit.

    ``unit`` is the Organization that tells, ``day`` a deadline, or an appointment in words.
    Each is made once for a version of the referral, however often it is asked for.
    """
    said = {
        "unit": referral.receiver_name,
        "day": f"{day:%d.%m.%Y}" if isinstance(day, date) else day or "",
        "why": why if why.endswith((".", "!", "?")) else f"{why}.",
    }
    told = [(referral.patient, "", _TO_PATIENT[notice])]
    if referral.referring_unit and notice in _TO_REFERRER:
        told.append((referral.referring_unit, referral.referring_unit_name, _TO_REFERRER[notice]))
    return [
        _notice(notice, referral, unit, recipient, name, [words.format(**said) for words in texts])
        for recipient, name, texts in told
    ]


def _notice(
    notice: Notice, referral: Referral, unit: str, recipient: str, name: str, texts: list[str]
) -> Operation:
    own, *others = texts
    # a breach is told of once; other steps may be taken again
    turn = "" if notice is Notice.OVERDUE else f"-{referral.version}"
    key = f"{referral.id}-{notice.value}{turn}-{recipient.partition('/')[0]}"
    communication: Resource = {
        "resourceType": "Communication",
        "identifier": [{"system": _KEYS, "value": key}],
        "language": LANGUAGES[0],
        "status": "in-progress",
        "category": [codes.concept(codes.NOTICE, codes.STATUS_NOTICE)],
        "topic": codes.concept(codes.NOTICE, f"referral-{notice.value}"),
        "subject": {"reference": referral.patient},
        "about": [{"reference": referral.reference}],
        "recipient": [named(recipient, name)],
        "sender": named(unit, referral.receiver_name),
        "sent": clock.now_text(),
        "payload": [
            {
                "contentString": own,
                "_contentString": {
                    "extension": [
                        _translation(language, text)
                        for language, text in zip(LANGUAGES[1:], others, strict=True)
                    ]
                },
            }
        ],
    }
    return create(communication, unless=f"identifier={_KEYS}|{key}")


def _translation(language: str, text: str) -> Resource:
    """See http://hl7.org/fhir/R4/extension-translation.html."""
    return {
        "url": _TRANSLATION,
        "extension": [
            {"url": "lang", "valueCode": language},
            {"url": "content", "valueString": text},
        ],
    }


__all__ = ["LANGUAGES", "Notice", "both_told"]
