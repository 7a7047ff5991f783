"""Asking for a renewal in HelsaMi: herself, for a child or a friend, and what she is told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access.citizens import citizen
from fellesjournal.access.sessions import Session
from fellesjournal.care.conversations.queries import own_messages
from fellesjournal.care.medication.actions import change_medicine, prescribe
from fellesjournal.care.medication.queries import list_of
from fellesjournal.care.medication.renewals import actions
from fellesjournal.care.medication.renewals.queries import (
    CATEGORIES,
    TOLD_FOR,
    requests_of,
    task_about,
    unread,
)
from fellesjournal.care.medication.resources import Medicine
from fellesjournal.foundation import clock
from tests.care.medication.medicines import PARACETAMOL, order
from tests.care.medication.renewing import handle
from tests.signing_in import ASLAUG, let_in, register
from tests.staff import SYSTEM, employ
from tests.surfaces.portal.family import OTHER, at_browser, power, switch

pytestmark = pytest.mark.django_db

PATIENT = f"Patient/{ASLAUG.id}"
ON_LIST = [{"reference": "Practitioner/gp"}, {"reference": "Organization/u"}]


@pytest.fixture
def gp() -> Session:
    session = employ("gp")
    register(generalPractitioner=ON_LIST, birthDate="1944-03-14")
    return session


@pytest.fixture
def aslaug(gp: Session) -> Client:
    del gp
    browser = Client()
    let_in(browser, ASLAUG.id, "citizen")
    browser.post(reverse("portal-terms"), {"accept": "1"})
    browser.cookies["language"] = "en"
    return browser


def _lines(session: Session) -> list[Medicine]:
    for seen, each in enumerate((order(), order(PARACETAMOL, "1x3"))):
        prescribe(session, patient=PATIENT, order=each, seen=seen, by_name="Fastlege")
    return list(list_of(SYSTEM, ASLAUG.id).medicines)


def _id(line: Medicine) -> str:
    return line.reference.partition("/")[2]


def _form(browser: Client) -> dict[str, Any]:
    page = browser.get(reverse("portal-medicines-renew")).content.decode()
    key = re.search(r'name="once" value="([^"]+)"', page)
    assert key, re.sub(r"<[^>]*>|\s+", " ", page.split("<main")[1])
    return {"subject": PATIENT, "once": key[1]}


def _medicines(browser: Client) -> str:
    return str(browser.get(reverse("portal-medicines")).content.decode())


def test_she_asks_for_several_at_once_and_sees_by_when_it_is_answered(
    gp: Session, aslaug: Client
) -> None:
    lines = _lines(gp)
    assert reverse("portal-medicines-renew") in _medicines(aslaug)
    form = _form(aslaug)
    done = aslaug.post(
        reverse("portal-medicines-renew"), {**form, "line": [_id(e) for e in lines]}, follow=True
    )
    html = done.content.decode()
    assert "Your request is sent" in html
    assert html.count("Renewal asked for") == 2
    (request,) = requests_of(SYSTEM, PATIENT)
    assert set(request.lines) == {each.reference for each in lines}


def test_the_same_form_sent_twice_is_one_request(gp: Session, aslaug: Client) -> None:
    first, second = _lines(gp)
    form = _form(aslaug)
    address = reverse("portal-medicines-renew")
    assert aslaug.post(address, {**form, "line": _id(first)}).status_code == 302
    for line in (first, second):
        again = aslaug.post(address, {**form, "line": _id(line)})
        assert again["Location"] == reverse("portal-medicines")
    assert len(requests_of(SYSTEM, PATIENT)) == 1


def test_what_is_asked_for_already_is_not_offered_and_is_refused(
    gp: Session, aslaug: Client
) -> None:
    first, _ = _lines(gp)
    address = reverse("portal-medicines-renew")
    aslaug.post(address, {**_form(aslaug), "line": _id(first)})
    page = aslaug.get(address).content.decode()
    assert f'value="{_id(first)}"' not in page
    assert "It is asked for already." in page
    refused = aslaug.post(address, {**_form(aslaug), "line": _id(first)})
    assert refused.status_code == 422
    assert "asked for already" in refused.content.decode()


def test_a_copy_of_a_form_that_was_refused_asks_for_nothing_when_it_comes_late(
    gp: Session, aslaug: Client
) -> None:
    first, second = _lines(gp)
    address = reverse("portal-medicines-renew")
    aslaug.post(address, {**_form(aslaug), "line": _id(first)})
    form = {**_form(aslaug), "line": [_id(first), _id(second)]}
    assert aslaug.post(address, form).status_code == 422
    assert aslaug.post(address, {**form, "line": _id(second)}).status_code == 409
    assert len(requests_of(SYSTEM, PATIENT)) == 1


@pytest.mark.parametrize("line", [None, "", "nothing", "../x", "1" * 300])
def test_a_choice_of_nothing_is_refused_in_words(
    gp: Session, aslaug: Client, line: str | None
) -> None:
    _lines(gp)
    given = {} if line is None else {"line": line}
    answer = aslaug.post(reverse("portal-medicines-renew"), {**_form(aslaug), **given})
    assert answer.status_code == 422
    assert requests_of(SYSTEM, PATIENT) == []


def test_she_reads_that_it_was_renewed_or_why_not(gp: Session, aslaug: Client) -> None:
    first, second = _lines(gp)
    form = _form(aslaug)
    aslaug.post(reverse("portal-medicines-renew"), {**form, "line": [_id(first), _id(second)]})
    handle()
    (request,) = requests_of(SYSTEM, PATIENT)
    found = task_about(SYSTEM, request.id)
    assert found is not None
    actions.renew_lines(
        gp, patient=PATIENT, lines={first.reference: first.version}, seen=2, by_name="Fastlege",
        task=found.id, task_seen=found.version,
    )  # fmt: skip
    found = task_about(SYSTEM, request.id)
    assert found is not None
    actions.decline(
        gp, patient=PATIENT, request=request.id, task_seen=found.version,
        words="Ta en blodprøve først", by_name="Fastlege",
    )  # fmt: skip
    html = _medicines(aslaug)
    assert re.search(r"Renewed</span> [^<]+ by Fastlege", html)
    assert "Ta en blodprøve først" in html
    assert "Renewal asked for" not in html
    changed = html.split('id="changed"')[1]
    assert "renewed, 1 tablet" in changed
    assert "from “" not in changed


def test_a_dose_changed_while_a_renewal_waits_is_told_on_the_medicine_that_holds_now(
    gp: Session, aslaug: Client
) -> None:
    first, _ = _lines(gp)
    address = reverse("portal-medicines-renew")
    sent = aslaug.post(address, {**_form(aslaug), "line": _id(first)}, follow=True)
    assert first.name in re.findall(r"Your request is sent[^<]*", sent.content.decode())[0]
    change_medicine(
        gp, patient=PATIENT, medicine=first.reference, medicine_seen=first.version,
        order=order(text="1+0+1"), why="Bedre effekt", seen=2, by_name="Fastlege",
    )  # fmt: skip
    now = list_of(SYSTEM, ASLAUG.id).stands_for(first.reference)
    assert now is not None
    html = _medicines(aslaug)
    assert "not on the list any more" not in html
    card = next(e for e in re.findall(r'<li class="card">.*?</li>', html, re.DOTALL)
        if first.name in e)  # fmt: skip
    assert "Renewal asked for" in card
    assert re.search(r"Changed [^<]+, now: 1 tabl", card)
    assert f'value="{_id(now)}"' not in aslaug.get(address).content.decode()
    handle()
    (request,) = requests_of(SYSTEM, PATIENT)
    found = task_about(SYSTEM, request.id)
    assert found is not None
    actions.close_prescribed(
        gp, patient=PATIENT, request=request.id, task_seen=found.version, by_name="Fastlege"
    )
    front = aslaug.get(reverse("portal")).content.decode()
    assert re.search(
        f"Renewal of {now.name}: prescribed already, answered [^<]+ by Fastlege", front
    )
    html = _medicines(aslaug)
    assert re.search(r"Prescribed already</span> [^<]+ by Fastlege", html)
    assert "Renewal asked for" not in html
    front = aslaug.get(reverse("portal")).content.decode()
    assert "not renewed" not in front


def test_who_acts_for_her_asks_in_her_own_name_as_far_as_the_power_goes(gp: Session) -> None:
    first, _ = _lines(gp)
    browser = at_browser(OTHER)
    register(generalPractitioner=ON_LIST, birthDate="1944-03-14")
    power(ASLAUG.id, OTHER, "person", "medication", "messages")
    switch(browser, ASLAUG.id, OTHER.id)
    browser.cookies["language"] = "en"
    done = browser.post(reverse("portal-medicines-renew"), {**_form(browser), "line": _id(first)})
    assert done.status_code == 302
    (request,) = requests_of(SYSTEM, PATIENT)
    assert (request.sender, request.patient) == (f"Patient/{OTHER.id}", PATIENT)


@pytest.mark.parametrize("area", ["medication", "messages"])
def test_a_power_without_messages_or_medicines_does_not_ask(gp: Session, area: str) -> None:
    first, _ = _lines(gp)
    browser = at_browser(OTHER)
    power(ASLAUG.id, OTHER, area)
    switch(browser, ASLAUG.id, OTHER.id)
    address = reverse("portal-medicines-renew")
    assert browser.get(address).status_code == 403
    assert browser.post(address, {"subject": PATIENT, "line": _id(first)}).status_code == 403
    if area == "medication":
        assert address not in _medicines(browser)
    assert requests_of(SYSTEM, PATIENT) == []


def test_a_form_about_somebody_else_asks_for_nothing(gp: Session, aslaug: Client) -> None:
    first, _ = _lines(gp)
    form = {**_form(aslaug), "subject": "Patient/other", "line": _id(first)}
    assert aslaug.post(reverse("portal-medicines-renew"), form).status_code == 409
    assert requests_of(SYSTEM, PATIENT) == []


def test_the_pages_ask_the_database_at_most_twenty_things(
    gp: Session, aslaug: Client, django_assert_max_num_queries: Any
) -> None:
    first, _ = _lines(gp)
    aslaug.post(reverse("portal-medicines-renew"), {**_form(aslaug), "line": _id(first)})
    for name in ("portal-medicines", "portal-medicines-renew"):
        aslaug.get(reverse(name))
        with django_assert_max_num_queries(20):
            aslaug.get(reverse(name))


def _answered(gp: Session, aslaug: Client, *, renew: int) -> str:
    """Two lines are asked for; the first ``renew`` are renewed, the rest declined. The first page."""
    lines = _lines(gp)
    address = reverse("portal-medicines-renew")
    aslaug.post(address, {**_form(aslaug), "line": [_id(e) for e in lines]})
    handle()
    assert "renewal" not in aslaug.get(reverse("portal")).content.decode().split("<main")[1]
    (request,) = requests_of(SYSTEM, PATIENT)
    if renew:
        task = task_about(SYSTEM, request.id)
        assert task is not None
        actions.renew_lines(
            gp, patient=PATIENT, lines={e.reference: e.version for e in lines[:renew]}, seen=2,
            by_name="Fastlege", task=task.id, task_seen=task.version,
        )  # fmt: skip
    if renew < len(lines):
        task = task_about(SYSTEM, request.id)
        assert task is not None
        actions.decline(
            gp, patient=PATIENT, request=request.id, task_seen=task.version,
            words="Ta en blodprøve først", by_name="Fastlege",
        )  # fmt: skip
    return aslaug.get(reverse("portal")).content.decode()


@pytest.mark.parametrize(
    ("renew", "said"),
    [
        (2, ["Renewal of {0} and {1}: renewed "]),
        (1, ["Renewal of {0}: renewed ", "Renewal of {1}: not renewed, answered "]),
        (0, ["Renewal of {0} and {1}: not renewed, answered "]),
    ],
)
def test_the_first_page_tells_what_was_asked_for_and_what_came_of_it(
    gp: Session, aslaug: Client, renew: int, said: list[str]
) -> None:
    page = _answered(gp, aslaug, renew=renew)
    told = re.search(r'id="renewals-title".*?</section>', page, re.DOTALL)
    assert told
    (request,) = requests_of(SYSTEM, PATIENT)
    others = list_of(SYSTEM, ASLAUG.id).others
    now = {e.prior or e.reference: e.name for e in list_of(SYSTEM, ASLAUG.id).medicines}
    names = [now.get(line) or others[line].name for line in request.lines]
    for each in said:
        assert each.format(*names) in told[0]
    assert told[0].count(": ") == len(said)
    assert reverse("portal-medicines") in told[0]
    assert "blodprøve" not in page  # what was answered stands on the page of medicines


def test_an_answered_renewal_is_no_conversation(gp: Session, aslaug: Client) -> None:
    front = _answered(gp, aslaug, renew=2)
    (request,) = requests_of(SYSTEM, PATIENT)
    address = reverse("portal-message", kwargs={"conversation_id": request.id})
    assert "answers-title" not in front
    assert address not in front
    assert aslaug.get(address).status_code == 404
    assert address not in aslaug.get(reverse("portal-messages")).content.decode()


def test_an_answer_is_told_until_she_has_seen_it_and_to_each_who_may_read_it(
    gp: Session, aslaug: Client
) -> None:
    at_browser(OTHER)
    power(ASLAUG.id, OTHER)
    assert "renewals-title" in _answered(gp, aslaug, renew=1)
    handle()
    assert "renewals-title" in aslaug.get(reverse("portal")).content.decode()
    _medicines(aslaug)
    handle()
    assert "renewals-title" not in aslaug.get(reverse("portal")).content.decode()
    friend = at_browser(OTHER)
    switch(friend, ASLAUG.id, OTHER.id)
    assert "renewals-title" in friend.get(reverse("portal")).content.decode()
    (request,) = requests_of(SYSTEM, PATIENT)
    assert [e.read_by for e in request.answers] == [(PATIENT,)] * 2


def test_an_answer_that_nobody_opens_is_not_told_for_ever(gp: Session, aslaug: Client) -> None:
    _answered(gp, aslaug, renew=2)
    bodies = own_messages(citizen(ASLAUG.id), *CATEGORIES)
    for aside, number in ((-timedelta(minutes=5), 1), (timedelta(minutes=5), 0)):
        with clock.at(clock.now() + TOLD_FOR + aside):
            assert len({e.answer.outcome for e in unread(citizen(ASLAUG.id), bodies)}) == number


def test_who_acts_in_messages_alone_is_not_told_of_medicines(gp: Session, aslaug: Client) -> None:
    at_browser(OTHER)
    power(ASLAUG.id, OTHER, "messages")
    _answered(gp, aslaug, renew=2)
    friend = at_browser(OTHER)
    switch(friend, ASLAUG.id, OTHER.id)
    assert "renewals-title" not in friend.get(reverse("portal")).content.decode()


def test_a_renewal_asked_for_on_her_behalf_is_told_to_her_as_one(
    gp: Session, aslaug: Client
) -> None:
    first, _ = _lines(gp)
    at_browser(OTHER)
    power(ASLAUG.id, OTHER)
    friend = at_browser(OTHER)
    switch(friend, ASLAUG.id, OTHER.id)
    friend.post(reverse("portal-medicines-renew"), {**_form(friend), "line": _id(first)})
    told = aslaug.get(reverse("portal-lately")).content.decode()
    assert "asked for a renewal of medicines" in told
    assert "wrote a message" not in told
