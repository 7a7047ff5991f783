"""Renewals as a GP meets them: the work list, a request, and the list of medicines without one."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access.sessions import Session, staff_session
from fellesjournal.care.medication.queries import list_of
from fellesjournal.care.medication.renewals.resources import Outcome
from fellesjournal.demo.cast import STAFF, StaffMember
from fellesjournal.foundation import clock
from tests.care.medication.medicines import PARACETAMOL, PENICILLIN, allergy, order
from tests.care.medication.renewing import ask, changed, citizen, prescribed, renew, standing, task
from tests.signing_in import GP, employ, employ_at, let_in, staff_client
from tests.staff import SYSTEM

pytestmark = pytest.mark.django_db


NURSE = next(each for each in STAFF if each.role == "hospital-nurse")
SECRETARY = next(each for each in STAFF if each.role == "secretary")
DOCTOR = next(each for each in STAFF if each.role == "hospital-doctor")


@pytest.fixture
def gp() -> Client:
    """A GP at her office, with a secretary and a nurse there, and a patient on her list."""
    browser = _english(staff_client(GP))
    for member, code in ((SECRETARY, "secretary"), (NURSE, "nurse")):
        employ_at(member, member.role_id, code, member.title_nb, GP.unit_id)
    return browser


@pytest.fixture
def kari(gp: Client) -> Session:
    del gp
    return citizen(GP.id, GP.unit_id)


@pytest.fixture
def doctor(kari: Session) -> Session:
    """The session of the GP, for what stands before the pages are opened."""
    del kari
    return staff_session(
        practitioner=f"Practitioner/{GP.id}", role_id=GP.role_id, role=GP.role,
        unit=f"Organization/{GP.unit_id}",
    )  # fmt: skip


def _english(browser: Client) -> Client:
    browser.cookies["language"] = "en"
    return browser


def _at_the_office(member: StaffMember, code: str) -> Client:
    """Somebody in another role at the GP's office, at her browser."""
    employ(member)
    employ_at(member, member.role_id, code, member.title_nb, GP.unit_id)
    browser = Client()
    let_in(browser, member.id)
    return _english(browser)


def _fields(html: str, form: int = 0) -> dict[str, Any]:
    """What stands in a form of the page, ticked and hidden."""
    forms = re.findall(r"<form.*?</form>", html.split("<main")[1], re.DOTALL)
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", forms[form]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and ("hidden" in tag or " checked" in tag):
            found.setdefault(name[1], []).append(value[1])
    return found


def test_the_work_list_counts_what_it_lists_and_leads_to_the_request(
    doctor: Session, kari: Session, gp: Client
) -> None:
    request = ask(kari, prescribed(doctor))
    page = gp.get(reverse("renewals")).content.decode()
    assert "Renewals (1)" in page
    assert page.count("<tr>") == 2
    assert reverse("renewal", args=["p", request]) in page
    assert "2 medicines: Amlodipin" in page


def test_what_is_asked_for_is_ticked_and_renewed_by_one_button(
    doctor: Session, kari: Session, gp: Client
) -> None:
    request = ask(kari, prescribed(doctor))
    address = reverse("renewal", args=["p", request])
    fields = _fields(gp.get(address).content.decode())
    assert len(fields["line"]) == 2
    answer = gp.post(address, fields)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("renewals")
    assert list_of(SYSTEM, "p").number == 3
    assert standing(request).open_lines == ()
    receipt = gp.get(reverse("renewals")).content.decode()
    assert "Renewed for Kari Nesvoll: Amlodipin" in receipt
    assert "1 tablet" in receipt


def test_the_same_form_sent_again_renews_nothing_more_and_says_how_it_stands(
    doctor: Session, kari: Session, gp: Client
) -> None:
    request = ask(kari, prescribed(doctor, order()))
    address = reverse("renewal", args=["p", request])
    fields = _fields(gp.get(address).content.decode())
    gp.post(address, fields)
    again = gp.post(address, fields)
    assert again.status_code == 409
    assert list_of(SYSTEM, "p").number == 2


def test_an_allergy_asks_for_one_reason_and_what_was_ticked_stays_ticked(
    doctor: Session, kari: Session, gp: Client
) -> None:
    request = ask(kari, prescribed(doctor, order(PENICILLIN, "1x3")))
    allergy()
    address = reverse("renewal", args=["p", request])
    first = gp.post(address, _fields(gp.get(address).content.decode()))
    assert first.status_code == 200
    html = first.content.decode()
    assert 'role="alertdialog"' in html
    assert "Anafylaksi" in html
    fields = _fields(html)
    assert len(fields["line"]) == 1
    without = gp.post(address, {**fields, "override": ""})
    assert without.status_code == 422
    assert list_of(SYSTEM, "p").number == 1
    done = gp.post(address, {**fields, "override": "Tålt siden"})
    assert done.status_code == 302
    assert list_of(SYSTEM, "p").number == 2


def test_a_renewal_of_what_was_asked_for_is_taken_back_from_the_queue_and_waits_again(
    doctor: Session, kari: Session, gp: Client
) -> None:
    (line,) = prescribed(doctor, order())
    request = ask(kari, [line])
    address = reverse("renewal", args=["p", request])
    queue = gp.post(address, _fields(gp.get(address).content.decode()), follow=True)
    undo = reverse("medicine-undo", args=["p"])
    html = queue.content.decode()
    assert undo in html
    assert not task(request).is_open
    back = gp.post(undo, _fields(html))
    assert back["Location"] == address
    assert [e.reference for e in list_of(SYSTEM, "p").medicines] == [line.reference]
    assert task(request).is_open
    assert standing(request).open_lines == (line.reference,)
    assert len(_fields(gp.get(address).content.decode())["line"]) == 1
    assert undo not in gp.get(reverse("renewals")).content.decode()


def test_what_was_renewed_today_is_said_and_not_ticked_and_answered_without_renewing_again(
    doctor: Session, kari: Session, gp: Client
) -> None:
    lines = prescribed(doctor, order())
    renew(doctor, lines)
    (line,) = list_of(SYSTEM, "p").medicines
    request = ask(kari, [line])
    address = reverse("renewal", args=["p", request])
    html = gp.get(address).content.decode()
    assert "Renewed today already" in html
    assert "by you" in html
    fields = _fields(html)
    assert "line" not in fields
    assert 'name="line"' in html  # it may be, by who means it
    unchosen = gp.post(address, fields)
    assert unchosen.status_code == 422
    words = unchosen.content.decode()
    assert "Choose what is to be renewed." in words
    assert "somebody has answered" not in words  # nobody has
    close = reverse("renewal-close", args=["p", request])
    told = gp.post(close, fields, follow=True).content.decode()
    assert "Nothing is prescribed anew. Kari Nesvoll is told" in told
    assert list_of(SYSTEM, "p").number == 2
    (said,) = standing(request).answers
    assert said.outcome is Outcome.PRESCRIBED


def test_what_was_renewed_yesterday_is_ticked_again(
    doctor: Session, kari: Session, gp: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    renew(doctor, prescribed(doctor, order()))
    request = ask(kari, list_of(SYSTEM, "p").medicines)
    tomorrow = clock.today() + timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    html = gp.get(reverse("renewal", args=["p", request])).content.decode()
    assert "Renewed today already" not in html
    assert len(_fields(html)["line"]) == 1


def test_a_refusal_without_a_reason_is_not_sent(doctor: Session, kari: Session, gp: Client) -> None:
    request = ask(kari, prescribed(doctor, order()))
    page = gp.get(reverse("renewal", args=["p", request])).content.decode()
    address = reverse("renewal-decline", args=["p", request])
    fields = _fields(page, 1)
    assert gp.post(address, {**fields, "words": " "}).status_code == 422
    assert task(request).is_open
    assert gp.post(address, {**fields, "words": "Vi må møtes først"}).status_code == 302
    (said,) = standing(request).answers
    assert (said.outcome, said.words) == (Outcome.DECLINED, "Vi må møtes først")
    assert gp.post(address, {**fields, "words": "En gang til"}).status_code == 409


def test_what_was_changed_after_it_was_asked_for_is_renewed_as_it_holds_now(
    doctor: Session, kari: Session, gp: Client
) -> None:
    lines = prescribed(doctor)
    request = ask(kari, lines)
    now = changed(doctor, lines[0], order(text="1+0+1"))
    address = reverse("renewal", args=["p", request])
    page = gp.get(address).content.decode()
    assert "Not on the list any more." not in page
    assert f'value="{now.reference.partition("/")[2]}:{now.version}"' in page
    fields = _fields(page)
    assert len(fields["line"]) == 1  # what was prescribed already is offered, and not ticked
    close = reverse("renewal-close", args=["p", request])
    assert gp.post(close, fields)["Location"] == address
    assert gp.post(close, fields).status_code == 409
    (said,) = standing(request).answers
    assert said.outcome is Outcome.PRESCRIBED
    page = gp.get(address).content.decode()
    assert close not in page


def test_a_line_is_renewed_from_the_list_without_a_request(
    doctor: Session, kari: Session, gp: Client
) -> None:
    del kari
    (line,) = prescribed(doctor, order())
    medicines = gp.get(reverse("medicines", args=["p"])).content.decode()
    address = f"{reverse('medicines-renew', args=['p'])}?line={line.reference.partition('/')[2]}"
    assert address in medicines
    fields = _fields(gp.get(address).content.decode())
    assert len(fields["line"]) == 1
    done = gp.post(reverse("medicines-renew", args=["p"]), fields, follow=True)
    html = done.content.decode()
    assert "Renewed for Kari Nesvoll: Amlodipin" in html
    assert "<strong>Renewed</strong> Amlodipin" in html
    assert list_of(SYSTEM, "p").number == 2


def test_a_course_is_listed_and_says_why_it_is_not_renewed(
    doctor: Session, kari: Session, gp: Client
) -> None:
    del kari
    (line,) = prescribed(doctor, order(PARACETAMOL, "1 tablett morgen hver dag i 5 dager"))
    html = gp.get(reverse("medicines-renew", args=["p"])).content.decode()
    assert "prescribe it anew" in html
    assert 'name="line"' not in html
    fhir_id = line.reference.partition("/")[2]
    forced = {"patient": "p", "seen": "1", "line": f"{fhir_id}:{line.version}"}
    assert gp.post(reverse("medicines-renew", args=["p"]), forced).status_code == 422


@pytest.mark.parametrize("line", ["", "x", "x:y", "x:9999999999999999", ":1", "x:1", "x:²"])
def test_bad_input_is_refused_in_words(
    doctor: Session, kari: Session, gp: Client, line: str
) -> None:
    request = ask(kari, prescribed(doctor, order()))
    for name, args in (("medicines-renew", ["p"]), ("renewal", ["p", request])):
        answer = gp.post(reverse(name, args=args), {"patient": "p", "seen": "1", "line": line})
        assert answer.status_code in {409, 422}
    assert gp.post(reverse("medicines-renew", args=["p"]), {"line": line}).status_code == 409


@pytest.mark.parametrize("who", ["nurse", "secretary"])
def test_who_does_not_prescribe_is_offered_nothing_and_refused(
    doctor: Session, kari: Session, who: str
) -> None:
    request = ask(kari, prescribed(doctor, order()))
    member = NURSE if who == "nurse" else SECRETARY
    browser = _at_the_office(member, who)
    address = reverse("renewal", args=["p", request])
    html = browser.get(address).content.decode()
    assert 'name="line"' not in html
    assert reverse("renewal-decline", args=["p", request]) not in html
    (line,) = list_of(SYSTEM, "p").medicines
    value = f"{line.reference.partition('/')[2]}:{line.version}"
    forced = {"patient": "p", "seen": "1", "line": value, "task_seen": "1", "words": "Nei takk"}
    for each in (address, reverse("renewal-decline", args=["p", request])):
        assert browser.post(each, forced).status_code == 404
    assert browser.get(reverse("medicines-renew", args=["p"])).status_code == 404
    assert list_of(SYSTEM, "p").number == 1


def test_a_request_of_another_patient_is_not_found(
    doctor: Session, kari: Session, gp: Client
) -> None:
    ask(kari, prescribed(doctor, order()))
    assert gp.get(reverse("renewal", args=["p", "nothing"])).status_code == 404
    hospital = _english(staff_client(DOCTOR))
    assert hospital.get(reverse("renewal", args=["p", "nothing"])).status_code == 404


def test_the_pages_ask_the_database_at_most_twenty_things(
    doctor: Session, kari: Session, gp: Client, django_assert_max_num_queries: Any
) -> None:
    request = ask(kari, prescribed(doctor))
    for name, args in (("renewals", []), ("renewal", ["p", request]), ("medicines-renew", ["p"])):
        gp.get(reverse(name, args=args))
        with django_assert_max_num_queries(20):
            gp.get(reverse(name, args=args))
