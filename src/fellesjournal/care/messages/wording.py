"""The words of documents that the platform writes: what was decided, as it stands in the record.

They are part of the document and stay as they were written, so that they are no translations of
pages: each language stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from fellesjournal.access.acts import Resource
from fellesjournal.access.discharges import part
from fellesjournal.access.waiting import OUTCOME
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.letters import Section
from fellesjournal.fhir import reading
from fellesjournal.foundation import clock

Words = Mapping[str, str]

REFERRAL_TITLES: Mapping[str, str] = MappingProxyType(
    {"sent": "Henvisning", "changed": "Endret henvisning", "cancelled": "Henvisningen er trukket"}
)
QUESTION_TITLE = "Spørsmål om henvisningen"
STAY_TITLES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.ADMITTED: "Pasienten er innlagt",
        Kind.READY: "Pasienten er utskrivningsklar",
        Kind.READY_WITHDRAWN: "Pasienten er ikke utskrivningsklar likevel",
        Kind.DISCHARGED: "Pasienten er utskrevet",
        Kind.DEAD: "Pasienten er død",
    }
)
TAKEN_BACK = "Meldingen om innleggelse er trukket tilbake: den var registrert ved en feil."
EMERGENCY_TITLE = "Epikrise fra legevakt"
_COLOURS = {
    "red": "rød",
    "orange": "oransje",
    "yellow": "gul",
    "green": "grønn",
    "blue": "blå",
}
_ENDED: Mapping[str, str] = MappingProxyType(
    {
        "advice": "Råd, ikke undersøkt på legevakten",
        "home": "Undersøkt, sendt hjem",
        "admitted": "Lagt inn på sykehus",
        "ambulance": "Ambulanse sendt",
        "left": "Gikk uten å bli undersøkt",
    }
)
_URGENCIES = {"urgent": "Haster", "asap": "Øyeblikkelig hjelp"}
_NOTICES: Mapping[str, Words] = MappingProxyType(
    {
        "referral-called-in": {"nb": "Innkalling", "nn": "Innkalling", "en": "Appointment"},
        "referral-postponed": {
            "nb": "Timen gjelder ikke lenger",
            "nn": "Timen gjeld ikkje lenger",
            "en": "The appointment no longer holds",
        },
        "referral-overdue": {
            "nb": "Henvisningen er ikke vurdert i tide",
            "nn": "Tilvisinga er ikkje vurdert i tide",
            "en": "The referral was not assessed in time",
        },
        "referral-asked": {
            "nb": "Vi har spurt den som henviste deg",
            "nn": "Vi har spurt den som viste deg til",
            "en": "We have asked who referred you",
        },
    }
)
_ANSWER: Words = {
    "nb": "Svar på henvisning",
    "nn": "Svar på tilvising",
    "en": "Answer to a referral",
}
_DECISION: Words = {"nb": "Vedtak", "nn": "Vedtak", "en": "Decision"}
_HEADINGS: Mapping[str, Words] = MappingProxyType(
    {
        "outcome": {
            "nb": "Hva som er bestemt",
            "nn": "Kva som er bestemt",
            "en": "What is decided",
        },
        "reason": {"nb": "Begrunnelse", "nn": "Grunngiving", "en": "Reasons"},
        "appeal": {
            "nb": "Hvordan du kan klage",
            "nn": "Korleis du kan klage",
            "en": "How to appeal",
        },
    }
)
_GRANTED: Words = {
    "nb": "Søknaden om «{service}» er innvilget.",
    "nn": "Søknaden om «{service}» er innvilga.",
    "en": "The application for “{service}” is granted.",
}
_REFUSED: Words = {
    "nb": "Søknaden om «{service}» er avslått.",
    "nn": "Søknaden om «{service}» er avslått.",
    "en": "The application for “{service}” is refused.",
}
_HOURS: Words = {
    "nb": "Omfang: {hours} timer i uka.",
    "nn": "Omfang: {hours} timar i veka.",
    "en": "Extent: {hours} hours a week.",
}
_BY: Words = {
    "nb": "Tjenesten gis av {unit}.",
    "nn": "Tenesta blir gitt av {unit}.",
    "en": "It is given by {unit}.",
}
_FROM: Words = {"nb": "Fra {start}.", "nn": "Frå {start}.", "en": "From {start}."}
_FROM_TO: Words = {
    "nb": "Fra {start} til {end}.",
    "nn": "Frå {start} til {end}.",
    "en": "From {start} to {end}.",
}


def notice_title(topic: str, lang: str) -> str:
    """The title of a letter about a referral, by the topic of its notice."""
    return _NOTICES.get(topic, _ANSWER)[lang]


def referral(request: Resource) -> tuple[Section, ...]:
    """What a referral says, for its receiver; why it was taken back, where it was."""
    code, reason = request.get("code") or {}, next(reading.elements(request.get("reasonCode")), {})
    notes = [reading.string(each.get("text")) for each in reading.elements(request.get("note"))]
    codes = " ".join(code for _, code, _ in reading.codings(reason))
    diagnosis = " ".join(filter(None, [codes, reading.concept_text(reason)]))
    said = (
        ("Trukket fordi", why(request)),
        ("Hastegrad", _URGENCIES.get(str(request.get("priority", "")), "")),
        ("Ønsket utredning eller behandling", reading.string(code.get("text"))),
        ("Diagnose eller problem", diagnosis),
        ("Sykehistorie", "\n\n".join(text for text in notes if text and text != "–")),
    )
    return tuple(Section(heading, _paragraphs(text)) for heading, text in said if text.strip())


def asked(task: Resource) -> tuple[str, ...]:
    """What the office asks."""
    said = (reading.string(e.get("valueString")) for e in reading.elements(task.get("input")))
    return _paragraphs("\n\n".join(filter(None, said)))


def decision_title(decision: Resource, lang: str) -> str:
    """The title of a decision: which service it is about."""
    return f"{_DECISION[lang]}: {_service(decision)}"


def decision(found: Resource, lang: str) -> tuple[Section, ...]:
    """What was decided, why, and how to appeal (norway.md section 9 L12)."""
    reasons = [reading.concept_text(each) for each in reading.elements(found.get("reasonCode"))]
    appeal = reading.string(found.get("patientInstruction"))
    said = (
        ("outcome", tuple(_outcome(found, lang))),
        ("reason", _paragraphs("\n\n".join(reasons))),
        ("appeal", _paragraphs(appeal)),
    )
    return tuple(Section(_HEADINGS[key][lang], parts) for key, parts in said if parts)


def stay(kind: Kind, encounter: Resource) -> tuple[Section, ...]:
    """A notice of a stay in words: what, where, since when. Never why she is ill."""
    if encounter.get("status") == "entered-in-error":
        return (Section("", (TAKEN_BACK,)),)
    period = encounter.get("period") or {}
    unit = reading.reference_text(encounter.get("serviceProvider"))
    lines = [f"{STAY_TITLES[kind]}.", f"Avdeling: {unit}." if unit else ""]
    lines.append(f"Innlagt: {_moment(period.get('start'))}.")
    if kind in {Kind.DISCHARGED, Kind.DEAD}:
        lines.append(f"Oppholdet er slutt: {_moment(period.get('end'))}.")
    return (Section("", tuple(filter(None, lines))),)


def emergency_contact(encounter: Resource, outcome: str, urgency: str) -> tuple[Section, ...]:
    """What the GP is told of a contact with an out-of-hours clinic, as it stands in the record."""
    period = encounter.get("period") or {}
    reasons = [reading.concept_text(each) for each in reading.elements(encounter.get("reasonCode"))]
    said = next(
        (e for e in reading.elements(encounter.get("extension")) if e.get("url") == OUTCOME), {}
    )
    words = str(part(said, "text").get("valueString", ""))
    colour = _COLOURS.get(urgency, "")
    when = f"Fra {_moment(period.get('start'))} til {_moment(period.get('end'))}."
    sections = [
        Section("Kontakt", (when, *([f"Hastegrad: {colour}."] if colour else []))),
        Section("Kontaktårsak", tuple(filter(None, reasons))),
        Section("Utfall", tuple(filter(None, (f"{_ENDED[outcome]}.", words)))),
    ]
    return tuple(each for each in sections if each.paragraphs)


def _outcome(found: Resource, lang: str) -> list[str]:
    service = _service(found)
    if found.get("doNotPerform") is True:
        return [_REFUSED[lang].format(service=service)]
    lines = [_GRANTED[lang].format(service=service)]
    hours = (found.get("quantityRatio") or {}).get("numerator", {}).get("value")
    if hours is not None:
        shown = f"{float(hours):g}".replace(".", "," if lang != "en" else ".")
        lines.append(_HOURS[lang].format(hours=shown))
    period = found.get("occurrencePeriod") or {}
    starts, ends = (_day(period.get(name)) for name in ("start", "end"))
    if starts:
        lines.append((_FROM_TO if ends else _FROM)[lang].format(start=starts, end=ends))
    unit = reading.reference_text(next(reading.elements(found.get("performer")), {}))
    return [*lines, *([_BY[lang].format(unit=unit)] if unit else [])]


def _service(found: Resource) -> str:
    return reading.concept_text(found.get("code"))


def why(request: Resource) -> str:
    """Why a referral was taken back or refused, in words; "" where nothing was said."""
    for each in reading.elements(request.get("extension")):
        if reading.string(each.get("url")).endswith("servicerequest-statusReason"):
            return reading.concept_text(each.get("valueCodeableConcept"))
    return ""


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (each.strip() for each in text.split("\n\n"))))


def _day(value: object) -> str:
    read = reading.moment(value)
    return "" if read is None else f"{date(read.at.year, read.at.month, read.at.day):%d.%m.%Y}"


def _moment(value: object) -> str:
    read = reading.moment(value)
    return "" if read is None else f"{read.at.astimezone(clock.NORWAY):%d.%m.%Y kl. %H.%M}"


__all__ = [
    "EMERGENCY_TITLE", "QUESTION_TITLE", "REFERRAL_TITLES", "STAY_TITLES", "asked", "decision",
    "decision_title", "emergency_contact", "notice_title", "referral", "stay", "why",
]  # fmt: skip
