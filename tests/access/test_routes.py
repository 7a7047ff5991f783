"""Every address has an access rule, and whoever does not fit it is refused alike.

A new page or interaction without a line here fails the test: its author says who may come in.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from fellesjournal.access.policy.roles import ROLES
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.smart import tokens as smart_tokens
from fellesjournal.access.tokens import PREFIX, issue_token, revoke_token
from fellesjournal.foundation import clock
from fellesjournal.surfaces.fhir_api import routing
from tests.routes import routes
from tests.signing_in import ASLAUG, let_in, register, staff_client
from tests.surfaces.fhir_api.client import Client

STAFF, CITIZEN, SIGNED_IN = "staff", "citizen", "signed in"
OPEN = "open: shows nothing of anybody, or only how to sign in"
CLIENT = "client: authenticates itself in the request, or is refused there"
FIGURES = frozenset({Duty.SEE_FIGURES})
LEADING = frozenset({Duty.REALISE_BENEFITS, Duty.ROLL_OUT})
REALISING = frozenset({Duty.REALISE_BENEFITS})
MANAGE = frozenset({Duty.MANAGE_ROLES, Duty.MANAGE_UNITS})

RULES: dict[str, str | frozenset[Duty]] = {
    "language/": OPEN,
    # signing in and out
    "sign-in/": OPEN,
    "sign-in/<kind_of_person:kind>/": OPEN,
    "sign-in/back/<provider:name>/": OPEN,
    "sign-in/done/": OPEN,
    "sign-out/": OPEN,
    "sign-out/front-channel/<provider:name>/": OPEN,
    "sign-out/back-channel/<provider:name>/": CLIENT,
    "role/": SIGNED_IN,
    "session/": OPEN,
    "sessions/": SIGNED_IN,
    "sessions/<uuid:session_id>/end/": SIGNED_IN,
    "sessions/end/": SIGNED_IN,
    "report/": SIGNED_IN,
    "report/mine/": SIGNED_IN,
    "report/mine/<int:report_number>/": SIGNED_IN,
    # the clinic
    "": STAFF,
    "shortcuts/": STAFF,
    "patients/": STAFF,
    "patient-names/": STAFF,
    "patients/<fhir_id:patient_id>/": STAFF,
    "patients/<fhir_id:patient_id>/access/": STAFF,
    "patients/<fhir_id:patient_id>/access/step/": STAFF,
    "patients/<fhir_id:patient_id>/access/emergency/": STAFF,
    "patients/<fhir_id:patient_id>/results/": STAFF,
    "out-of-hours/": STAFF,
    "patients/<fhir_id:patient_id>/out-of-hours/new/": STAFF,
    "patients/<fhir_id:patient_id>/out-of-hours/<fhir_id:contact_id>/": STAFF,
    "patients/<fhir_id:patient_id>/out-of-hours/<fhir_id:contact_id>/arrived/": STAFF,
    "patients/<fhir_id:patient_id>/out-of-hours/<fhir_id:contact_id>/urgency/": STAFF,
    "patients/<fhir_id:patient_id>/out-of-hours/<fhir_id:contact_id>/take/": STAFF,
    "patients/<fhir_id:patient_id>/out-of-hours/<fhir_id:contact_id>/back/": STAFF,
    "patients/<fhir_id:patient_id>/out-of-hours/<fhir_id:contact_id>/end/": STAFF,
    "patients/<fhir_id:patient_id>/medicines/": STAFF,
    "patients/<fhir_id:patient_id>/medicines/new/": STAFF,
    "patients/<fhir_id:patient_id>/medicines/undo/": STAFF,
    "patients/<fhir_id:patient_id>/medicines/reconcile/": STAFF,
    "patients/<fhir_id:patient_id>/medicines/renew/": STAFF,
    "patients/<fhir_id:patient_id>/renewals/<fhir_id:request_id>/": STAFF,
    "patients/<fhir_id:patient_id>/renewals/<fhir_id:request_id>/close/": STAFF,
    "patients/<fhir_id:patient_id>/renewals/<fhir_id:request_id>/decline/": STAFF,
    "renewals/": STAFF,
    "patients/<fhir_id:patient_id>/medicines/<fhir_id:medicine_id>/change/": STAFF,
    "patients/<fhir_id:patient_id>/medicines/<fhir_id:medicine_id>/stop/": STAFF,
    "patients/<fhir_id:patient_id>/documents/<fhir_id:document_id>/": STAFF,
    "waiting/": STAFF,
    "pathways/": STAFF,
    "patients/<fhir_id:patient_id>/pathways/": STAFF,
    "patients/<fhir_id:patient_id>/pathways/follow/<fhir_id:plan_id>/": STAFF,
    "patients/<fhir_id:patient_id>/pathways/steps/<fhir_id:task_id>/": STAFF,
    "patients/<fhir_id:patient_id>/pathways/<fhir_id:plan_id>/stop/": STAFF,
    "results/": STAFF,
    "patients/<fhir_id:patient_id>/reports/<fhir_id:report_id>/": STAFF,
    "patients/<fhir_id:patient_id>/reports/<fhir_id:report_id>/acknowledge/": STAFF,
    "patients/<fhir_id:patient_id>/laboratory/": STAFF,
    "patients/<fhir_id:patient_id>/laboratory/new/": STAFF,
    "patients/<fhir_id:patient_id>/laboratory/<fhir_id:number>/": STAFF,
    "patients/<fhir_id:patient_id>/laboratory/<fhir_id:number>/take-back/": STAFF,
    "patients/<fhir_id:patient_id>/laboratory/<fhir_id:number>/change/": STAFF,
    "readings/": STAFF,
    "readings/<fhir_id:task_id>/give/": STAFF,
    "patients/<fhir_id:patient_id>/follow-up/": STAFF,
    "patients/<fhir_id:patient_id>/follow-up/done/": STAFF,
    "patients/<fhir_id:patient_id>/follow-up/new/": STAFF,
    "patients/<fhir_id:patient_id>/follow-up/<fhir_id:plan_id>/change/": STAFF,
    "patients/<fhir_id:patient_id>/follow-up/<fhir_id:plan_id>/end/": STAFF,
    "messages/": STAFF,
    "patients/<fhir_id:patient_id>/contact/": STAFF,
    "patients/<fhir_id:patient_id>/messages/": STAFF,
    "patients/<fhir_id:patient_id>/messages/<fhir_id:conversation_id>/": STAFF,
    "patients/<fhir_id:patient_id>/messages/<fhir_id:conversation_id>/answer/": STAFF,
    "patients/<fhir_id:patient_id>/messages/<fhir_id:conversation_id>/take/": STAFF,
    "patients/<fhir_id:patient_id>/messages/<fhir_id:conversation_id>/hand-over/": STAFF,
    "patients/<fhir_id:patient_id>/messages/<fhir_id:conversation_id>/end/": STAFF,
    "day/": STAFF,
    "patients/<fhir_id:patient_id>/appointments/": STAFF,
    "patients/<fhir_id:patient_id>/appointments/<fhir_id:appointment_id>/": STAFF,
    "patients/<fhir_id:patient_id>/appointments/<fhir_id:appointment_id>/cancel/": STAFF,
    "reviews/": STAFF,
    "reviews/reading/": STAFF,
    "reviews/mine/": STAFF,
    "reviews/mine/<fhir_id:task_id>/": STAFF,
    "reviews/<fhir_id:task_id>/": STAFF,
    "reviews/reports/<fhir_id:task_id>/": frozenset({Duty.REVIEW_ALL}),
    "reviews/follow-ups/<fhir_id:task_id>/": frozenset({Duty.REVIEW_ALL}),
    "notes/": STAFF,
    "patients/<fhir_id:patient_id>/notes/": STAFF,
    "patients/<fhir_id:patient_id>/notes/new/": STAFF,
    "patients/<fhir_id:patient_id>/notes/<fhir_id:note_id>/": STAFF,
    "patients/<fhir_id:patient_id>/notes/<fhir_id:note_id>/write/": STAFF,
    "patients/<fhir_id:patient_id>/notes/<fhir_id:note_id>/sign/": STAFF,
    "patients/<fhir_id:patient_id>/notes/<fhir_id:note_id>/add/": STAFF,
    "patients/<fhir_id:patient_id>/notes/<fhir_id:note_id>/discard/": STAFF,
    "patients/<fhir_id:patient_id>/letters/": STAFF,
    "patients/<fhir_id:patient_id>/letters/new/": STAFF,
    "patients/<fhir_id:patient_id>/letters/report/": STAFF,
    "patients/<fhir_id:patient_id>/letters/<fhir_id:document_id>/pdf/": STAFF,
    "ward/": STAFF,
    "patients/<fhir_id:patient_id>/stays/": STAFF,
    "patients/<fhir_id:patient_id>/stays/new/": STAFF,
    "patients/<fhir_id:patient_id>/stays/<fhir_id:stay_id>/": STAFF,
    "patients/<fhir_id:patient_id>/stays/<fhir_id:stay_id>/ready/": STAFF,
    "patients/<fhir_id:patient_id>/stays/<fhir_id:stay_id>/not-ready/": STAFF,
    "patients/<fhir_id:patient_id>/stays/<fhir_id:stay_id>/place/": STAFF,
    "patients/<fhir_id:patient_id>/stays/<fhir_id:stay_id>/mistake/": STAFF,
    "patients/<fhir_id:patient_id>/stays/<fhir_id:stay_id>/discharge/": STAFF,
    "patients/<fhir_id:patient_id>/stays/<fhir_id:stay_id>/discharge/without/": STAFF,
    "deliveries/": STAFF,
    "deliveries/<fhir_id:task_id>/posted/": STAFF,
    "deliveries/<fhir_id:task_id>/read/": STAFF,
    "deliveries/<fhir_id:task_id>/end/": STAFF,
    "referrals/": STAFF,
    "referrals/sent/": STAFF,
    "patients/<str:patient_id>/referrals/": STAFF,
    "patients/<str:patient_id>/referrals/new/": STAFF,
    "patients/<str:patient_id>/referrals/<str:referral_id>/": STAFF,
    "patients/<str:patient_id>/referrals/<str:referral_id>/edit/": STAFF,
    "patients/<str:patient_id>/referrals/<str:referral_id>/<slug:step>/": STAFF,
    "homecare/": STAFF,
    "homecare/shift/": STAFF,
    "homecare/work/": STAFF,
    "applications/": STAFF,
    "patients/<fhir_id:patient_id>/homecare/": STAFF,
    "patients/<fhir_id:patient_id>/homecare/visits/<fhir_id:visit_id>/": STAFF,
    "patients/<fhir_id:patient_id>/homecare/work/<fhir_id:task_id>/": STAFF,
    "patients/<fhir_id:patient_id>/homecare/restart/<fhir_id:task_id>/": STAFF,
    "patients/<fhir_id:patient_id>/applications/<fhir_id:application_id>/": STAFF,
    "diagnoses/": STAFF,
    "patients/<fhir_id:patient_id>/note-down/": STAFF,
    "patients/<fhir_id:patient_id>/problems/<fhir_id:problem_id>/end/": STAFF,
    # HelsaMi
    "helsami/measurements/": CITIZEN,
    "helsami/measurements/<str:group_id>/": CITIZEN,
    "helsami/measurements/<str:group_id>/wrong/": CITIZEN,
    "helsami/services/": CITIZEN,
    "helsami/services/new/": CITIZEN,
    "helsami/referrals/": CITIZEN,
    "helsami/notes/": CITIZEN,
    "helsami/notes/<str:note_id>/": CITIZEN,
    "helsami/notes/<str:note_id>/correct/": CITIZEN,
    "helsami/messages/": CITIZEN,
    "helsami/messages/new/": CITIZEN,
    "helsami/messages/<str:conversation_id>/": CITIZEN,
    "helsami/own/": CITIZEN,
    "helsami/own/change/": CITIZEN,
    "helsami/own/people/new/": CITIZEN,
    "helsami/own/people/<str:contact_id>/": CITIZEN,
    "helsami/own/people/<str:contact_id>/away/": CITIZEN,
    "helsami/medicines/": CITIZEN,
    "helsami/medicines/renew/": CITIZEN,
    "helsami/letters/": CITIZEN,
    "helsami/letters/<str:document_id>/": CITIZEN,
    "helsami/letters/<str:document_id>/pdf/": CITIZEN,
    "helsami/": CITIZEN,
    "helsami/terms/": CITIZEN,
    "helsami/others/": CITIZEN,
    "helsami/others/switch/": CITIZEN,
    "helsami/others/powers/<str:consent_id>/end/": CITIZEN,
    "helsami/lately/": CITIZEN,
    "helsami/seen/": CITIZEN,
    "helsami/seen/csv/": CITIZEN,
    "helsami/seen/fhir/": CITIZEN,
    "helsami/seen/report/": CITIZEN,
    "helsami/seen/reported/<str:task_id>/": CITIZEN,
    "helsami/appointments/": CITIZEN,
    "helsami/appointments/new/": CITIZEN,
    "helsami/appointments/<str:appointment_id>/move/": CITIZEN,
    "helsami/appointments/<str:appointment_id>/cancel/": CITIZEN,
    "helsami/appointments/<str:appointment_id>/known/": CITIZEN,
    "helsami/results/": CITIZEN,
    "helsami/results/course/": CITIZEN,
    "helsami/results/<str:report_id>/": CITIZEN,
    "helsami/blocks/": CITIZEN,
    "helsami/blocks/new/": CITIZEN,
    "helsami/blocks/<str:consent_id>/end/": CITIZEN,
    # administration
    "admin/": frozenset(Duty),
    "admin/units/": MANAGE,
    "admin/units/<directory_id:unit_id>/": MANAGE,
    "admin/units/<directory_id:unit_id>/new/": frozenset({Duty.MANAGE_UNITS}),
    "admin/units/<directory_id:unit_id>/roles/new/": frozenset({Duty.MANAGE_ROLES}),
    "admin/roles/review/": frozenset({Duty.MANAGE_ROLES}),
    "admin/roles/<directory_id:role_id>/end/": frozenset({Duty.MANAGE_ROLES}),
    "admin/staff/<directory_id:practitioner_id>/": frozenset({Duty.MANAGE_ROLES, Duty.REVIEW_ALL}),
    "admin/operation/": frozenset({Duty.OPERATE}),
    "admin/operation/retry/": frozenset({Duty.OPERATE}),
    "admin/operation/alerts/<int:alert_id>/": frozenset({Duty.OPERATE}),
    "admin/who-can-see/": frozenset({Duty.REVIEW_ALL}),
    "admin/clients/": frozenset({Duty.MANAGE_CLIENTS}),
    "admin/clients/new/": frozenset({Duty.MANAGE_CLIENTS}),
    "admin/clients/invitation/": frozenset({Duty.MANAGE_CLIENTS}),
    "admin/clients/<str:client_id>/": frozenset({Duty.MANAGE_CLIENTS}),
    # the leaders' pages
    "leaders/": FIGURES,
    "leaders/indicators/": FIGURES,
    "leaders/indicators/<slug:indicator_id>/": FIGURES,
    "leaders/indicators/<slug:indicator_id>/definition/": FIGURES,
    "leaders/portal/": FIGURES,
    "leaders/rollout/adoption/": FIGURES,
    "leaders/portal/<slug:number>/": FIGURES,
    "leaders/portal/<slug:number>/barriers/": FIGURES,
    "leaders/audit/": FIGURES,
    "leaders/schedules/": FIGURES,
    "leaders/schedules/example/": FIGURES,
    "leaders/schedules/<fhir_id:unit_id>/cause/": FIGURES,
    "leaders/interaction/": FIGURES,
    "leaders/decisions/": FIGURES,
    "leaders/decisions/new/": FIGURES,
    "leaders/decisions/<slug:key>/": FIGURES,
    "leaders/decisions/<slug:key>/<slug:act>/": FIGURES,
    "leaders/plans/": FIGURES,
    "leaders/plans/new/": LEADING,
    "leaders/plans/<slug:key>/": FIGURES,
    "leaders/plans/<slug:key>/status/": LEADING,
    "leaders/pathways/": FIGURES,
    "leaders/pathways/new/": LEADING,
    "leaders/pathways/<slug:key>/": FIGURES,
    "leaders/pathways/<slug:key>/drawings/<slug:part>/read-in/": LEADING,
    "leaders/pathways/<slug:key>/drawings/<slug:part>/bpmn/": FIGURES,
    "leaders/pathways/<slug:key>/publish/": LEADING,
    "leaders/pathways/<slug:key>/measures/": FIGURES,
    "leaders/pathways/<slug:key>/measures/<int:place>/export/": LEADING,
    "leaders/pathways/<slug:key>/measures/<int:place>/<slug:act>/": LEADING,
    "leaders/pathways/<slug:key>/introduction/": FIGURES,
    "leaders/pathways/<slug:key>/effect/": FIGURES,
    "leaders/pathways/<slug:key>/effect/<slug:indicator_id>/": FIGURES,
    "leaders/pathways/<slug:key>/drawings/<slug:part>/edit/": LEADING,
    "leaders/pathways/<slug:key>/drawings/<slug:part>/edit/<slug:thing>/": LEADING,
    "leaders/pathways/<slug:key>/drawings/<slug:part>/copy/": LEADING,
    "leaders/pathways/<slug:key>/followed/": FIGURES,
    "leaders/pathways/<slug:key>/guide/": FIGURES,
    "leaders/pathways/<slug:key>/guide/start/": LEADING,
    "leaders/committees/": FIGURES,
    "leaders/committees/<slug:key>/": FIGURES,
    "leaders/committees/<slug:key>/meetings/new/": LEADING,
    "leaders/meetings/<slug:key>/": FIGURES,
    "leaders/findings/": FIGURES,
    "leaders/findings/new/": LEADING,
    "leaders/findings/<slug:key>/": FIGURES,
    "leaders/findings/<slug:key>/<int:place>/<slug:act>/": FIGURES,
    "leaders/usability/": FIGURES,
    "leaders/usability/new/": LEADING,
    "leaders/usability/<slug:key>/": FIGURES,
    "leaders/projections/": FIGURES,
    "leaders/projections/sources/": FIGURES,
    "leaders/projections/sources/look/": LEADING,
    "leaders/projections/sources/keep/": LEADING,
    "leaders/projections/recorded/": FIGURES,
    "leaders/projections/recorded/count/": LEADING,
    "leaders/projections/recorded/<str:name>/": FIGURES,
    "leaders/assumptions/": FIGURES,
    "leaders/assumptions/<slug:key>/": FIGURES,
    "leaders/rollout/": FIGURES,
    "leaders/rollout/organisations/": FIGURES,
    "leaders/rollout/organisations/<slug:actor>/": FIGURES,
    "leaders/rollout/readiness/": FIGURES,
    "leaders/rollout/readiness/<slug:actor>/": FIGURES,
    "leaders/rollout/readiness/<slug:actor>/<int:gate>/<slug:criterion>/": FIGURES,
    "leaders/rollout/migration/<slug:actor>/": FIGURES,
    "leaders/rollout/risks/<slug:actor>/": FIGURES,
    "leaders/rollout/tests/<slug:actor>/": FIGURES,
    "leaders/rollout/cut-over/<slug:actor>/": FIGURES,
    "leaders/rollout/cut-over/<slug:actor>/<slug:act>/": frozenset({Duty.ROLL_OUT}),
    "leaders/rollout/training/": FIGURES,
    "leaders/rollout/training/<slug:actor>/": FIGURES,
    "leaders/rollout/training/<slug:actor>/record/": frozenset({Duty.ROLL_OUT}),
    "leaders/rollout/training/<slug:actor>/courses/": frozenset({Duty.ROLL_OUT}),
    "leaders/rollout/training/<slug:actor>/leave/<fhir_id:role_id>/": frozenset(
        {Duty.ROLL_OUT, Duty.REVIEW_UNIT}
    ),
    "leaders/rollout/rehearsals/<slug:actor>/": FIGURES,
    "leaders/rollout/rehearsals/<slug:actor>/<slug:key>/": FIGURES,
    "leaders/rollout/rehearsals/<slug:actor>/<slug:key>/<slug:act>/": frozenset({Duty.ROLL_OUT}),
    "leaders/rollout/tickets/<slug:actor>/": FIGURES,
    "leaders/rollout/tickets/<slug:actor>/users/": frozenset({Duty.ROLL_OUT}),
    "leaders/support/": frozenset({Duty.ROLL_OUT}),
    "leaders/support/<int:report_number>/": frozenset({Duty.ROLL_OUT}),
    "leaders/support/<int:report_number>/queue/": frozenset({Duty.ROLL_OUT}),
    "leaders/support/<int:report_number>/<slug:act>/": frozenset({Duty.ROLL_OUT}),
    "leaders/benefits/": FIGURES,
    "leaders/benefits/list/": FIGURES,
    "leaders/benefits/list/<slug:item>/": FIGURES,
    "leaders/benefits/list/<slug:item>/<slug:act>/": FIGURES,
    "leaders/benefits/network/": FIGURES,
    "leaders/benefits/network/<slug:key>/": FIGURES,
    "leaders/benefits/workshops/": FIGURES,
    "leaders/benefits/workshops/new/": REALISING,
    "leaders/benefits/workshops/<slug:key>/": FIGURES,
    "leaders/benefits/workshops/<slug:key>/read/": FIGURES,
    "leaders/benefits/workshops/<slug:key>/rows/<slug:row>/": FIGURES,
    "leaders/benefits/workshops/<slug:key>/rows/<slug:row>/<slug:act>/": FIGURES,
    "leaders/benefits/plans/<unit_of_plan:unit>/": FIGURES,
    "leaders/benefits/plans/<unit_of_plan:unit>/map/": FIGURES,
    "leaders/benefits/plans/<unit_of_plan:unit>/benefit/<slug:benefit>/": REALISING,
    "leaders/benefits/plans/<unit_of_plan:unit>/indicator/<slug:indicator>/": FIGURES,
    "leaders/benefits/plans/<unit_of_plan:unit>/indicator/<slug:indicator>/measures/<int:place>/": REALISING,
    "leaders/benefits/plans/<unit_of_plan:unit>/indicator/<slug:indicator>/measures/<int:place>/<slug:act>/": (
        REALISING
    ),
    "leaders/benefits/plans/<unit_of_plan:unit>/indicator/<slug:indicator>/<slug:act>/": REALISING,
    "leaders/benefits/plans/<unit_of_plan:unit>/<slug:act>/": REALISING,
    "leaders/costs/": FIGURES,
    "leaders/costs/grant/": FIGURES,
    "leaders/costs/<slug:actor>/": FIGURES,
    # the authorization server
    "oauth/authorize": CLIENT,
    "oauth/token": CLIENT,
    "oauth/introspect": CLIENT,
    "oauth/revoke": CLIENT,
    "oauth/register": CLIENT,
    "oauth/jwks": OPEN,
    "oauth/style": OPEN,
    "oauth/authorize/<str:key>/patient/": SIGNED_IN,
    "oauth/authorize/<str:key>/encounter/": SIGNED_IN,
    "oauth/authorize/<str:key>/consent/": SIGNED_IN,
    "oauth/launch/<str:patient_id>/": STAFF,
    "oauth/apps/": SIGNED_IN,
}
"""Who may come to each address of Django; duties: staff whose role has one of them."""

STAND_IN = re.compile(r"stand-in/<provider:name>/")
"""The stand-in provider answers everybody; it exists in the demo and in tests only."""

NO_SUCH_VERB = 405
"""Said before anybody is asked who she is, and to everybody."""

SAMPLES = {
    "indicator_id": "LE1", "indicator": "LE1", "unit": "none", "benefit": "none", "item": "none", "row": "none",
    "actor": "none", "gate": "30", "criterion": "none",
    "alert_id": "1",
    "visit_id": "none", "application_id": "none",
    "kind": "staff", "name": "helseid", "session_id": str(UUID(int=1)), "patient_id": "nobody",
    "document_id": "none", "problem_id": "none", "stay_id": "none", "note_id": "none",
    "task_id": "none", "consent_id": "none", "unit_id": "none", "appointment_id": "none",
    "role_id": "none", "practitioner_id": "none", "client_id": "none", "key": "none",
    "medicine_id": "none", "plan_id": "none", "group_id": "none", "conversation_id": "none", "contact_id": "none",
    "request_id": "none",
    "report_id": "none", "number": "none", "report_number": "1",
    "referral_id": "none", "step": "accept", "act": "position", "part": "to-be", "place": "1",
    "thing": "step",
}  # fmt: skip


def address(route: str, **given: str) -> str:
    """An address of a route, with sample values."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda each: {**SAMPLES, **given}[each[1]], route)


def guarded() -> list[str]:
    return [route for route, rule in RULES.items() if rule not in {OPEN, CLIENT}]


def said(answer: HttpResponse) -> tuple[Any, ...]:
    """An answer without what is random in it."""
    body = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"|nonce[-=]"?[\w+/=]+|"X-CSRFToken":\s*"[^"]+"',
                  b"_", answer.content)  # fmt: skip
    return answer.status_code, answer.headers.get("Location"), body


def test_every_address_has_a_rule() -> None:
    known = {route for route in routes() if not STAND_IN.match(route)}
    assert known - set(RULES) == set(), "say in RULES who may come to these"
    assert set(RULES) - known == set(), "these addresses are gone"


@pytest.fixture
def citizen(db: None) -> Browser:
    del db
    register()
    browser = Browser()
    let_in(browser, ASLAUG.id, "citizen")
    browser.post(reverse("portal-terms"), {"accept": "1"})
    return browser


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["get", "post"])
def test_who_is_not_signed_in_any_more_is_refused_like_a_stranger(verb: str) -> None:
    left, idle, made_up = staff_client(), staff_client(), Browser()
    cookies = dict(left.cookies.items())
    assert left.get(reverse("patients")).status_code == 200
    left.post(reverse("sign-out"))
    replayed = Browser()
    for name, morsel in cookies.items():
        replayed.cookies[name] = morsel.value
    made_up.cookies["sessionid"] = "x" * 32
    for route in guarded():
        stranger = said(getattr(Browser(), verb)(address(route)))
        assert stranger[0] in {302, 401, 403, NO_SUCH_VERB}, route
        if stranger[0] == 302:
            assert stranger[1].startswith(("/sign-in/", "/oauth/")), route
        for browser in (replayed, made_up):
            assert said(getattr(browser, verb)(address(route))) == stranger, route
        with clock.at(datetime.now(UTC) + timedelta(days=2)):
            assert said(getattr(idle, verb)(address(route))) == stranger, route


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["get", "post"])
def test_people_of_the_wrong_kind_are_refused_alike(citizen: Browser, verb: str) -> None:
    doctor = staff_client()
    refusals = set()
    for route, rule in RULES.items():
        if rule == CITIZEN:
            refusals.add(said(getattr(doctor, verb)(address(route)))[:2])
        elif rule == STAFF or isinstance(rule, frozenset):
            refusals.add(said(getattr(citizen, verb)(address(route)))[:2])
    at_home = {(302, reverse("portal"))}  # a citizen at the front door is led to her own
    assert {status for status, _ in refusals - at_home} <= {403, 404, NO_SUCH_VERB}, refusals


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_role_without_the_duty_is_refused(verb: str) -> None:
    doctor = staff_client()
    assert not ROLES["doctor"].duties
    for route, rule in RULES.items():
        if isinstance(rule, frozenset):
            answer = getattr(doctor, verb)(address(route))
            assert answer.status_code in {403, 404, NO_SUCH_VERB}, route


@pytest.mark.django_db
@pytest.mark.parametrize(
    "route", [r for r, rule in RULES.items() if rule == STAFF and "patient_id" in r]
)
def test_a_patient_out_of_reach_and_one_who_is_not_there_look_alike(route: str) -> None:
    doctor = staff_client()
    register()  # on nobody's list
    for verb in ("get", "post"):
        hidden = said(getattr(doctor, verb)(address(route, patient_id=ASLAUG.id)))
        absent = said(getattr(doctor, verb)(address(route, patient_id="nobody-at-all")))
        plain = [
            re.sub(rb"nobody-at-all|" + ASLAUG.id.encode(), b"_", body)
            for *_, body in (hidden, absent)
        ]
        assert ASLAUG.family.encode() not in plain[0]
        assert ASLAUG.number.encode() not in plain[0]
        assert (hidden[0], plain[0]) == (absent[0], plain[1]), (verb, hidden[0], absent[0])


# --- the API -----------------------------------------------------------------------------------

API_OPEN = {"metadata"}
API = {
    "": routing._SYSTEM,
    "Patient": routing._TYPE,
    "Patient/1": routing._INSTANCE,
    "Patient/1/_history/1": routing._VERSION,
    "Patient/1/Observation": routing._COMPARTMENT,
    "Patient/1/*": routing._COMPARTMENT,
    "Patient/1/Observation/_search": routing._COMPARTMENT_FORM,
    **routing._SYSTEM_WORDS,
    **{f"Patient/{word}": methods for word, methods in routing._TYPE_WORDS.items()},
    **{f"Patient/1/{word}": methods for word, methods in routing._INSTANCE_WORDS.items()},
    **{f"{name}/1/{word}": methods for (name, word), methods in routing._OPERATIONS_OF.items()},
    **{f"{name}/{word}": methods for (name, word), methods in routing._OPERATIONS_ON.items()},
}


def test_the_walk_knows_every_table_of_the_api() -> None:
    tables = [
        value for name, value in vars(routing).items() if name.startswith("_") and name.isupper()
    ]
    known = [*API.values(), routing._SYSTEM_WORDS, routing._TYPE_WORDS,
             routing._INSTANCE_WORDS, routing._OPERATIONS_OF, routing._OPERATIONS_ON]  # fmt: skip
    assert all(any(table is each for each in known) for table in tables)


@pytest.mark.django_db
def test_no_interaction_answers_without_a_good_token_and_all_refusals_are_alike() -> None:
    revoked = issue_token()
    assert Client(revoked).get("Patient").status == 200
    revoke_token(revoked)
    expired = issue_token(lifetime=timedelta(seconds=-1))
    bad = [
        "", "x", revoked, expired, PREFIX + "A" * 43, smart_tokens.ACCESS_PREFIX + "A" * 43,
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", revoked[:-1], "é".encode().decode("latin-1"),
    ]  # fmt: skip
    refusals = set()
    for place, methods in API.items():
        for verb in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PURGE"):
            if place in API_OPEN:
                continue
            without = Client(None).request(verb, place, {"resourceType": "Patient"})
            assert without.status == 401, (verb, place)
            for token in bad:
                answer = Client(token).request(verb, place, b"{")
                assert answer.status == 401, (verb, place, token)
                refusals.add(
                    (answer.headers["www-authenticate"], answer.body if verb != "HEAD" else b"")
                )
        assert methods
    assert len({body for _, body in refusals if body}) == 1
    assert len({challenge for challenge, _ in refusals}) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("place", sorted(API_OPEN))
def test_what_is_open_says_the_same_to_everybody(place: str) -> None:
    said = {Client(token).get(place).body for token in (None, "x", issue_token())}
    dates = re.compile(rb'"date":"[^"]+"')
    assert len({dates.sub(b"", body) for body in said}) == 1


def test_the_application_asks_for_a_session_before_anything_else() -> None:
    api = sys.modules["fellesjournal.surfaces.fhir_api.application"]
    for path in (
        "/fhir/metadata/x",
        "/fhir//metadata",
        "/fhir/Metadata",
        "/fhir/metadata%2f..",
        "/fhir/x/../metadata",
    ):
        assert not api._is_open({"PATH_INFO": path})
