"""Signing in through the stand-in, as a browser does it, with Django's test client."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import orjson
from django.conf import settings
from django.contrib.messages.storage import default_storage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from fellesjournal.access.identity import people
from fellesjournal.access.identity.claims import Identity, identity_of
from fellesjournal.access.identity.flow import Arrival, Journey
from fellesjournal.access.identity.providers import ProviderName
from fellesjournal.access.sessions import system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.demo.cast import CITIZENS, STAFF, CastCitizen, StaffMember
from fellesjournal.demo.people import human_name, municipality_code
from fellesjournal.demo.terms import STAFF_ROLE
from fellesjournal.fhir import bodies
from fellesjournal.foundation import clock
from fellesjournal.registry.municipalities import municipalities
from fellesjournal.registry.numbers import DNR_SYSTEM, FNR_SYSTEM, HPR_SYSTEM
from fellesjournal.registry.units import UNIT_KIND_SYSTEM, UnitKind
from fellesjournal.surfaces.signing_in.entering import Errand, enter
from fellesjournal.surfaces.stand_in.people import chosen, claims_about, subject_of

GP = STAFF[0]
CASE_OFFICER = next(member for member in STAFF if member.role == "case-officer")
ASLAUG = CITIZENS[0]


def put(type_name: str, key: str, **members: Any) -> None:
    """Write one resource as the platform itself."""
    body = bodies.parse(orjson.dumps({"resourceType": type_name, "id": key, **members}))
    session = system_session("system:test", purpose="HOPERAT")
    write(session, [Operation("update", type_name, id=key, body=body)])


def municipality(number: str, unit: str, *, above: str = "") -> None:
    """Register the unit that a municipality is, by its number."""
    place = municipalities()[number]
    kind = {"coding": [{"system": UNIT_KIND_SYSTEM, "code": UnitKind.MUNICIPALITY}]}
    district = {"extension": [municipality_code(place)]}
    more = {"partOf": {"reference": f"Organization/{above}"}} if above else {}
    put(
        "Organization", unit, active=True, name=place.name, type=[kind],
        address=[{"_district": district}], **more,
    )  # fmt: skip


def employ(member: StaffMember = GP, **role: Any) -> None:
    """Register a member of the demo's staff with her unit and role."""
    identifier = {"system": FNR_SYSTEM, "value": member.number}
    if member.hpr:
        identifier = {"system": HPR_SYSTEM, "value": member.hpr}
    put(
        "Practitioner", member.id, identifier=[identifier],
        name=[human_name(member.given, member.family)],
    )  # fmt: skip
    put("Organization", member.unit_id, name=member.unit_name)
    employ_at(member, member.role_id, member.role, member.title_nb, member.unit_id, **role)


def employ_at(
    member: StaffMember, key: str, code: str, title: str, unit: str, /, **more: Any
) -> None:
    """Give a registered member of staff one more role."""
    put(
        "PractitionerRole", key,
        **{
            "active": True,
            "practitioner": {"reference": f"Practitioner/{member.id}"},
            "organization": {"reference": f"Organization/{unit}"},
            "code": [{"coding": [{"system": STAFF_ROLE, "code": code, "display": title}]}],
            **more,
        },
    )  # fmt: skip


def register(citizen: CastCitizen = ASLAUG, **more: Any) -> None:
    """Put one of the demo's citizens into the record."""
    system = DNR_SYSTEM if citizen.number_kind == "DNR" else FNR_SYSTEM
    put(
        "Patient", citizen.id,
        **{
            "identifier": [{"system": system, "value": citizen.number}],
            "name": [human_name(citizen.given, citizen.family)],
            "gender": citizen.sex,
            **more,
        },
    )  # fmt: skip


def go_to_provider(client: Client, kind: str = "staff", **query: str) -> str:
    """Begin to sign in; answers the address of the provider's page."""
    answer = client.get(reverse("sign-in-start", kwargs={"kind": kind}), query)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def choose(client: Client, address: str, person: str) -> str:
    """Choose somebody on the stand-in's page; answers the address that leads back."""
    parts = urlsplit(address)
    answer = client.post(f"{parts.path}?{parts.query}", {"person": person})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def sign_in(client: Client, person: str = GP.id, kind: str = "staff", **query: str) -> Any:
    """The whole way; answers what came of it."""
    return client.get(choose(client, go_to_provider(client, kind, **query), person))


def let_in(client: Client, person: str = GP.id, kind: str = "staff") -> None:
    """What signing in comes to, without the way to the provider and back: a third of the time of
    most tests of pages. Who she is, her role and her session are found as ever.
    """
    provider = ProviderName.HELSEID if kind == "staff" else ProviderName.IDPORTEN
    request = HttpRequest()
    request.session = SessionStore()
    said = request._messages = default_storage(request)  # type: ignore[attr-defined]
    identity = _identity(provider, person)
    known = people.practitioner_of if kind == "staff" else people.patient_of
    journey = Journey(provider.value, "", "", "", "", "", clock.now().timestamp())
    errand = Errand(journey, "", window=False, step_up=False)
    enter(request, Arrival(identity, "no id_token"), known(identity), errand)
    said.update(HttpResponse())
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)


def _identity(provider: ProviderName, person: str) -> Identity:
    found = chosen(provider, person)
    assert found is not None, f"{person} is nobody of the demo"
    claims = {**claims_about(provider, found), "sub": subject_of("", found), "sid": uuid4().hex}
    return identity_of(claims, SimpleNamespace(name=provider), now=clock.now())  # type: ignore[arg-type]


def staff_client(member: StaffMember = GP) -> Client:
    """A browser in which a member of staff, registered here, has signed in."""
    employ(member)
    client = Client()
    let_in(client, member.id)
    return client
