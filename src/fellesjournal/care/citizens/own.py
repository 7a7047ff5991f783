"""What is registered about a citizen, as she reads and changes it herself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fellesjournal.access import acts, records
from fellesjournal.access.acts import act, change, content, create
from fellesjournal.access.own_person import (
    CONTACT_ROLE,
    INTERPRETER,
    NOTICES,
    OWN_TAG,
    RELATION,
    is_own_contact,
    wants_paper,
)
from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.resources import Person, person
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock

# A resource as JSON.
Resource = dict[str, Any]

LANGUAGE_SYSTEM = "urn:ietf:bcp:47"
LANGUAGES = (
    "nb", "nn", "se", "en", "ar", "da", "de", "es", "fa", "fi", "fr", "ku", "lt", "nsl", "pl",
    "ps", "ro", "ru", "so", "sv", "ta", "th", "ti", "tl", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip
"""BCP 47 codes she can choose from: the official ones first (nsl: Norwegian sign language)."""
RELATIONS = (
    "SPS",
    "DOMPART",
    "CHILD",
    "PRN",
    "SIB",
    "GRPRN",
    "GRNDCHILD",
    "FAMMEMB",
    "FRND",
    "NBOR",
)
"""v3-RoleCode: what somebody she names may be to her."""
NEXT_OF_KIN = "N"
"""v2-0131: the one to turn to first (nærmeste pårørende)."""
MOST_NAME = 100
_TELEPHONE = re.compile(r"\+?[0-9]{8,15}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


class OwnRefused(ValueError):
    """It can't be registered so; ``code`` is the field and why: telephone, email, language, name,
    relation.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Earlier:
    """A telephone or an e-mail address that was hers until a day."""

    value: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to turn to about her. ``is_own``: named by herself, and hers to change; ``sex`` is as
    FHIR has it, "" when it is not registered.
    """

    id: str
    version: int
    name: str
    relation: str
    relation_text: str
    telephone: str
    is_next_of_kin: bool
    is_own: bool
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """What is registered. ``language`` is a code of LANGUAGES or "", ``gps`` are references."""

    person: Person
    version: int
    telephone: str
    email: str
    earlier: tuple[Earlier, ...]
    language: str
    interpreter: bool
    on_paper: bool
    gps: tuple[str, ...]
    contacts: tuple[Contact, ...]


def own(session: Session) -> Own:
    """What is registered about whose record a citizen has open. Raises NotFound."""
    return registered(session, session.subject)


def registered(session: Session, patient: str) -> Own:
    """What is registered about a patient (``Patient/1``), for those who treat her too. Raises
    NotFound.

    Of who has a protected address nothing is told that says where she is: not to herself here, nor
    to who acts for her, nor to staff on this page (INV-40).
    """
    stored = records.read(session, "Patient", patient.partition("/")[2])
    data = content(stored)
    who = person(data)
    listed = [] if who.protected else list(reading.elements(data.get("telecom")))
    return Own(
        person=who,
        version=stored.version,
        telephone=_current(listed, "phone"),
        email=_current(listed, "email"),
        earlier=tuple(_earlier(listed)),
        language=_language(data),
        interpreter=any(
            each.get("url") == INTERPRETER and each.get("valueBoolean") is True
            for each in reading.elements(data.get("extension"))
        ),
        on_paper=wants_paper(data),
        gps=tuple(
            target
            for each in reading.elements(data.get("generalPractitioner"))
            if (target := reading.reference_target(each))
        ),
        contacts=tuple(_contacts(session, patient, hide=who.protected)),
    )


def change_own(
    session: Session,
    *,
    seen: int,
    telephone: str,
    email: str,
    language: str,
    interpreter: bool,
    on_paper: bool,
) -> None:
    """Change how she is reached and spoken with. What was stays, as earlier.

    Raises OwnRefused, NotAllowed (a protected address), PreconditionFailed.
    """
    number, mail = telephone_of(telephone), email.strip()
    if telephone.strip() and not number:
        raise OwnRefused("telephone")
    if mail and not _EMAIL.fullmatch(mail):
        raise OwnRefused("email")
    data, _ = acts.read(session, "Patient", session.subject.partition("/")[2])
    if language not in {"", _language(data), *LANGUAGES}:
        raise OwnRefused("language")
    telecom = _with(list(data.get("telecom", ())), "phone", number)
    telecom = _with(telecom, "email", mail)
    renewed = {
        **data,
        "telecom": telecom,
        "communication": _spoken(data, language),
        "extension": _extensions(data, interpreter=interpreter, on_paper=on_paper),
    }
    cleaned = {name: value for name, value in renewed.items() if value != []}
    if cleaned != data:
        act(session, [change(cleaned, seen=seen)])


def name_contact(
    session: Session,
    *,
    name: str,
    relation: str,
    telephone: str,
    is_next_of_kin: bool,
    contact: str = "",
    seen: int = 0,
) -> None:
    """Name somebody to turn to, or change one she has named (``contact``, its id).

    Raises OwnRefused, NotFound, NotAllowed, PreconditionFailed.
    """
    called, number = " ".join(name.split()), telephone_of(telephone)
    if not called or len(called) > MOST_NAME:
        raise OwnRefused("name")
    if relation not in RELATIONS:
        raise OwnRefused("relation")
    if not number:
        raise OwnRefused("telephone")
    roles = [NEXT_OF_KIN] if is_next_of_kin else ["C"]
    body: Resource = {
        "resourceType": "RelatedPerson",
        "meta": {"tag": [OWN_TAG]},
        "active": True,
        "patient": {"reference": session.subject},
        "relationship": [
            {"coding": [{"system": RELATION, "code": relation}]},
            *({"coding": [{"system": CONTACT_ROLE, "code": role}]} for role in roles),
        ],
        "name": [{"text": called}],
        "telecom": [{"system": "phone", "value": number}],
    }
    if not contact:
        act(session, [create(body)])
        return
    _own_contact(session, contact)
    act(session, [change({**body, "id": contact}, seen=seen)])


def remove_contact(session: Session, *, contact: str, seen: int) -> None:
    """Take away somebody she has named. Raises NotFound, NotAllowed, PreconditionFailed."""
    data = _own_contact(session, contact)
    act(session, [change({**data, "active": False}, seen=seen)])


def contact_of(session: Session, contact: str) -> Contact:
    """One that she has named. Raises NotFound."""
    stored = records.read(session, "RelatedPerson", contact)
    data = _own_contact(session, contact)
    return _contact(data, stored.version, hide=False)


def telephone_of(text: str) -> str:
    """A telephone number without spaces and signs; "" for what is none."""
    number = re.sub(r"[\s()./-]", "", text)
    return number if _TELEPHONE.fullmatch(number) else ""


def _own_contact(session: Session, contact: str) -> Resource:
    data, _ = acts.read(session, "RelatedPerson", contact)
    is_here = reading.reference_target(data.get("patient")) == session.subject
    if not is_here or not is_own_contact(data) or data.get("active") is False:
        raise NotFound(f"RelatedPerson/{contact} is not known")
    return data


def _contacts(session: Session, patient: str, *, hide: bool) -> list[Contact]:
    page = records.search(session, "RelatedPerson", [("patient", patient), ("_count", "100")])
    found = [
        _contact(content(each), each.version, hide=hide)
        for each in page.matches
        if content(each).get("active") is not False
    ]
    return sorted(found, key=lambda each: (not each.is_next_of_kin, each.name.casefold()))


def contact_in(data: Mapping[str, Any], version: int) -> Contact:
    """Somebody to turn to, as a RelatedPerson says it."""
    return _contact(data, version, hide=False)


def _contact(data: Mapping[str, Any], version: int, *, hide: bool) -> Contact:
    concepts = list(reading.elements(data.get("relationship")))
    codes = [(system, code) for each in concepts for system, code, _ in reading.codings(each)]
    texts = (text for each in concepts if (text := reading.concept_text(each)))
    return Contact(
        id=str(data.get("id", "")),
        version=version,
        name=reading.name_text(data.get("name")),
        relation=next((code for system, code in codes if system == RELATION), ""),
        relation_text=next(texts, ""),
        telephone="" if hide else _current(list(reading.elements(data.get("telecom"))), "phone"),
        is_next_of_kin=(CONTACT_ROLE, NEXT_OF_KIN) in codes,
        is_own=is_own_contact(data),
        sex=reading.string(data.get("gender")),
    )


def _current(listed: list[Mapping[str, Any]], system: str) -> str:
    values = (
        reading.string(each.get("value"))
        for each in listed
        if each.get("system") == system and each.get("use") != "old"
    )
    return next(values, "")


def _earlier(listed: list[Mapping[str, Any]]) -> list[Earlier]:
    found = []
    for each in listed:
        if each.get("use") == "old" and each.get("value"):
            period = each.get("period")
            ended = reading.moment(period.get("end")) if isinstance(period, Mapping) else None
            found.append(Earlier(str(each["value"]), ended.at.date() if ended else None))
    return found[::-1]


def _with(listed: list[Resource], system: str, value: str) -> list[Resource]:
    """What she is reached by when this is the one of its kind: others of it are earlier ones."""
    if _current(listed, system) == value:  # type: ignore[arg-type]  # a list of dicts is read only
        return listed
    day = clock.today().isoformat()
    kept = [
        {**each, "use": "old", "period": {**each.get("period", {}), "end": day}}
        if each.get("system") == system and each.get("use") != "old"
        else each
        for each in listed
    ]
    new = {"system": system, "value": value, "period": {"start": day}}
    if system == "phone":
        new["use"] = "mobile"
    return [*kept, new] if value else kept


def _language(data: Resource) -> str:
    spoken = list(reading.elements(data.get("communication")))
    preferred = [each for each in spoken if each.get("preferred") is True] or spoken
    return next(
        (code for each in preferred if (code := reading.first_code(each.get("language")))), ""
    )


def _spoken(data: Resource, language: str) -> list[Resource]:
    listed = list(data.get("communication", ()))
    if language == _language(data):
        return listed
    others = [
        {name: value for name, value in each.items() if name != "preferred"}
        for each in listed
        if reading.first_code(each.get("language")) not in {language, ""}
    ]
    if not language:
        return others
    coding = {"system": LANGUAGE_SYSTEM, "code": language}
    return [{"language": {"coding": [coding]}, "preferred": True}, *others]


def _extensions(data: Resource, *, interpreter: bool, on_paper: bool) -> list[Resource]:
    kept = [
        each for each in data.get("extension", ()) if each.get("url") not in {INTERPRETER, NOTICES}
    ]
    if interpreter:
        kept.append({"url": INTERPRETER, "valueBoolean": True})
    if on_paper:
        kept.append({"url": NOTICES, "valueCode": "paper"})
    return kept


__all__ = [
    "LANGUAGES", "RELATIONS", "Contact", "Earlier", "Own", "OwnRefused", "change_own",
    "contact_in", "contact_of", "name_contact", "own", "registered", "remove_contact", "telephone_of",
]  # fmt: skip
