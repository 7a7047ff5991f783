"""My information: what is registered, what she changes herself, and asking for a correction."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access import records
from fellesjournal.access.acts import act, change, content, create, read
from fellesjournal.access.citizens import citizen, whom
from fellesjournal.access.own_person import OWN_TAG, RELATION
from fellesjournal.care.messages.queries import recipient_of
from fellesjournal.care.messages.states import Route
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.fhir.reading import name_text
from fellesjournal.registry.numbers import FNR_SYSTEM
from tests.care.conversations.cast import handle, row, workplace
from tests.signing_in import ASLAUG
from tests.staff import SYSTEM, put
from tests.surfaces.portal.family import (
    HOME,
    OTHER,
    ROLE_7611,
    at_browser,
    child_of,
    power,
    switch,
)

pytestmark = pytest.mark.django_db

PHONE = [{"system": "phone", "value": "90000001", "use": "mobile"}]
PROTECTED = {
    "meta": {"security": [{
        "system": "http://ehelse.no/fhir/CodeSystem/gd-address-confidentiality",
        "code": "strengtFortrolig"}]},
}  # fmt: skip
FORM = {"telephone": "", "email": "", "language": "", "letters": "helsami"}


@pytest.fixture
def aslaug() -> Client:
    """A citizen at her browser."""
    return at_browser(ASLAUG, telecom=PHONE)


def _text(client: Client, name: str = "portal-own", **where: str) -> str:
    answered = client.get(reverse(name, kwargs=where))
    assert answered.status_code == 200, answered.status_code
    return str(answered.content.decode())


def _version(kind: str = "Patient", key: str = ASLAUG.id) -> str:
    return str(read(SYSTEM, kind, key)[1])


def _change(client: Client, subject: str = ASLAUG.id, **given: str) -> Any:
    form = {"subject": f"Patient/{subject}", "version": _version(key=subject), **FORM, **given}
    return client.post(reverse("portal-own-change"), form)


def _name(client: Client, contact: str = "", **given: str) -> Any:
    form = {
        "subject": f"Patient/{ASLAUG.id}", "name": "Kari Nesvoll", "relation": "CHILD",
        "telephone": "900 00 002", **given,
    }  # fmt: skip
    if contact:
        where = reverse("portal-own-contact", kwargs={"contact_id": contact})
        return client.post(where, {"version": _version("RelatedPerson", contact), **form})
    return client.post(reverse("portal-own-contact-new"), form)


def _contacts() -> list[dict[str, Any]]:
    page = records.search(SYSTEM, "RelatedPerson", [("patient", f"Patient/{ASLAUG.id}")])
    return [content(each) for each in page.matches]


def test_she_sees_what_is_registered_and_where_it_comes_from(aslaug: Client) -> None:
    page = _text(aslaug)
    for words in (ASLAUG.family, "Storgata 1", "900 00 001"):
        assert words in page
    assert reverse("portal-others") in page
    assert reverse("portal-blocks") in page


def test_a_new_number_holds_at_once_and_the_old_one_is_kept_as_earlier(aslaug: Client) -> None:
    assert _change(aslaug, telephone="+47 900 00 009", email="a@b.no").status_code == 302
    page = _text(aslaug)
    assert "+47 900 00 009" in page
    assert "a@b.no" in page
    stood, _ = read(SYSTEM, "Patient", ASLAUG.id)
    old = next(each for each in stood["telecom"] if each.get("use") == "old")
    assert old["value"] == "90000001"
    assert old["period"]["end"]
    assert stood["address"] == HOME


def test_language_interpreter_and_paper_are_kept_apart_from_what_the_register_says(
    aslaug: Client,
) -> None:
    before, _ = read(SYSTEM, "Patient", ASLAUG.id)
    _change(aslaug, telephone="90000001", language="so", interpreter="on", letters="paper")
    stood, _ = read(SYSTEM, "Patient", ASLAUG.id)
    assert stood["communication"][0]["language"]["coding"][0]["code"] == "so"
    changed = {key for key in stood if stood[key] != before.get(key)}
    assert changed == {"communication", "extension", "meta"}
    assert recipient_of(SYSTEM, f"Patient/{ASLAUG.id}").route is Route.PAPER
    _change(aslaug, telephone="90000001", language="so", letters="helsami")
    assert recipient_of(SYSTEM, f"Patient/{ASLAUG.id}").route is Route.HELSAMI


@pytest.mark.parametrize(
    "given", [{"telephone": "12"}, {"telephone": "ring meg"}, {"email": "a@b"}, {"language": "xx"}]
)
def test_what_is_no_number_address_or_language_is_refused_and_stays_in_the_form(
    aslaug: Client, given: dict[str, str]
) -> None:
    version = _version()
    refused = _change(aslaug, **given)
    assert refused.status_code == 422
    (field,) = given
    page = refused.content.decode()
    assert f'href="#{field}"' in page
    if field != "language":
        assert given[field] in page
    assert _version() == version


def test_inv_46_a_change_of_what_was_changed_meanwhile_is_shown_not_lost(aslaug: Client) -> None:
    stale = _version()
    _change(aslaug, telephone="90000003")
    refused = _change(aslaug, version=stale, telephone="90000004")
    assert refused.status_code == 409
    assert "90000004" in refused.content.decode()
    assert "900 00 003" in _text(aslaug)


def test_she_names_changes_and_takes_away_somebody_to_turn_to(aslaug: Client) -> None:
    assert _name(aslaug, next_of_kin="on").status_code == 302
    assert "Kari Nesvoll" in _text(aslaug)
    (stood,) = _contacts()
    assert _name(aslaug, stood["id"], telephone="90000005").status_code == 302
    assert "900 00 005" in _text(aslaug)
    away = reverse("portal-own-contact-away", kwargs={"contact_id": stood["id"]})
    said = {"subject": f"Patient/{ASLAUG.id}", "version": _version("RelatedPerson", stood["id"])}
    assert aslaug.post(away, said).status_code == 302
    assert "Kari Nesvoll" not in _text(aslaug)
    assert [each["active"] for each in _contacts()] == [False]


@pytest.mark.parametrize("field", ["name", "relation", "telephone"])
def test_a_contact_without_what_it_takes_is_refused(aslaug: Client, field: str) -> None:
    refused = _name(aslaug, **{field: ""})
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.content.decode()
    assert _contacts() == []


def test_whom_she_names_gets_no_access_whatever_an_app_writes(aslaug: Client) -> None:
    at_browser(OTHER)
    session = citizen(ASLAUG.id)
    _name(aslaug, next_of_kin="on")
    (stood,) = _contacts()
    assert [each.subject for each in whom(OTHER.id)] == []
    grant = {"coding": [{"system": ROLE_7611, "code": "FO"}]}
    for more in (
        {"identifier": [{"system": FNR_SYSTEM, "value": OTHER.number}]},
        {"relationship": [grant]},
        {"birthDate": "1970-01-01"},
        {"meta": {"tag": [{"code": "x"}]}},
    ):
        body = {key: value for key, value in stood.items() if key not in {"id", "meta"}}
        body["meta"] = {"tag": stood["meta"]["tag"]}
        with pytest.raises(NotAllowed):
            act(session, [create({**body, **more})])
        with pytest.raises(NotAllowed):
            act(session, [change({**stood, **more}, seen=1)])


def test_what_a_register_wrote_is_not_hers_to_change(aslaug: Client) -> None:
    put("RelatedPerson", "son", patient={"reference": f"Patient/{ASLAUG.id}"},
        name=[{"text": "Per"}])  # fmt: skip
    assert "Per" in _text(aslaug)
    where = reverse("portal-own-contact", kwargs={"contact_id": "son"})
    assert aslaug.get(where).status_code == 404
    assert _name(aslaug, "son").status_code == 404
    body, version = read(SYSTEM, "RelatedPerson", "son")
    for meta in (body["meta"], {"tag": [OWN_TAG]}):
        taken = change({**body, "meta": meta, "active": False}, seen=version)
        with pytest.raises(NotAllowed):
            act(citizen(ASLAUG.id), [taken])


@pytest.mark.parametrize(
    "more",
    [
        {"address": []},
        {"birthDate": "2000-01-01"},
        {"name": [{"text": "En annen"}]},
        {"generalPractitioner": [{"reference": "Practitioner/x"}]},
        {"deceasedBoolean": True},
        {"meta": {"security": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9603", "code": "N"}]}},
        {"extension": [{"url": "http://example.test/x", "valueString": "x"}]},
    ],
)
def test_of_herself_she_changes_how_she_is_reached_and_nothing_else(
    aslaug: Client, more: dict[str, Any]
) -> None:
    del aslaug
    body, version = read(SYSTEM, "Patient", ASLAUG.id)
    changed = {key: value for key, value in {**body, **more}.items() if value != []}
    with pytest.raises(NotAllowed):
        act(citizen(ASLAUG.id), [change(changed, seen=version)])


def test_she_registers_no_new_person(aslaug: Client) -> None:
    del aslaug
    with pytest.raises(NotAllowed):
        act(citizen(ASLAUG.id), [create({"resourceType": "Patient", "name": [{"text": "X"}]})])


def test_inv_40_a_protected_address_is_on_no_page_of_hers_or_of_who_acts(aslaug: Client) -> None:
    child_of(ASLAUG, "child")
    _name(aslaug)
    protected = at_browser(ASLAUG, telecom=PHONE, **PROTECTED)
    for name in ("portal-own", "portal-own-contact-new"):
        answered = protected.get(reverse(name)).content.decode()
        for secret in ("Storgata", "90000001", "900 00 001", "90000002", "900 00 002", "TRONDHEIM"):
            assert secret not in answered, (name, secret)
    assert protected.get(reverse("portal-own-change")).status_code == 403
    refused = _change(protected, telephone="90000009")
    assert refused.status_code == 403
    assert "90000001" not in refused.content.decode()
    power(ASLAUG.id, OTHER)
    other = at_browser(OTHER)
    assert switch(other, ASLAUG.id, OTHER.id)["Location"] == reverse("portal-others")


def test_a_parent_keeps_the_contact_of_a_small_child_and_not_that_of_a_young_person(
    aslaug: Client,
) -> None:
    child_of(ASLAUG, "child", years=8)
    switch(aslaug, "child", ASLAUG.id)
    assert _change(aslaug, "child", telephone="90000006").status_code == 302
    child_of(ASLAUG, "child", years=13, telecom=PHONE)
    assert _change(aslaug, "child", telephone="90000007").status_code == 403
    assert read(SYSTEM, "Patient", "child")[0]["telecom"] == PHONE


def test_asking_for_a_correction_awaits_who_wrote_it_and_no_other(aslaug: Client) -> None:
    staff = workplace()
    _note("ward")
    assert reverse("portal-correct", kwargs={"note_id": "n"}) in _text(
        aslaug, "portal-note", note_id="n"
    )
    where = reverse("portal-correct", kwargs={"note_id": "n"})
    said = {"subject": f"Patient/{ASLAUG.id}", "key": str(uuid.uuid4()), "words": ""}
    assert aslaug.post(where, said).status_code == 422
    sent = aslaug.post(where, {**said, "words": "Jeg er ikke allergisk."})
    assert sent.status_code == 302
    handle()
    found = row(staff["stranger"])
    assert found.is_correction
    assert found.task.deadline is not None
    assert "Jeg er ikke allergisk." in aslaug.get(sent["Location"]).content.decode()


def test_what_nobody_says_to_have_written_is_phoned_about(aslaug: Client) -> None:
    _note("")
    where = reverse("portal-correct", kwargs={"note_id": "n"})
    said = {"subject": f"Patient/{ASLAUG.id}", "words": "Feil"}
    refused = aslaug.post(where, said)
    assert refused.status_code == 422
    assert "Feil" in refused.content.decode()


def test_a_note_of_another_is_asked_about_by_nobody(aslaug: Client) -> None:
    _note("ward", OTHER.id)
    at_browser(OTHER)
    where = reverse("portal-correct", kwargs={"note_id": "n"})
    assert aslaug.get(where).status_code == 404


def _note(unit: str, patient: str = ASLAUG.id) -> None:
    put(
        "Composition", "n", status="final", title="Notat", date="2026-01-20",
        type={"text": "Notat"}, subject={"reference": f"Patient/{patient}"},
        author=[{"reference": "Practitioner/stranger"}],
        **({"custodian": {"reference": f"Organization/{unit}"}} if unit else {}),
        section=[{"title": "Funn", "text": {
            "status": "additional",
            "div": '<div xmlns="http://www.w3.org/1999/xhtml">Allergisk</div>'}}],
    )  # fmt: skip


def _stands_as_next_of_kin(telephone: str = "90000001", **more: Any) -> str:
    """ASLAUG in the record of OTHER, whom she acts for."""
    at_browser(OTHER)
    power(OTHER.id, ASLAUG)
    stood, _ = read(SYSTEM, "Patient", ASLAUG.id)
    named = [{"text": name_text(stood["name"])}]
    put(
        "RelatedPerson", "noted",
        **{
            "active": True, "patient": {"reference": f"Patient/{OTHER.id}"}, "name": named,
            "meta": {"tag": [OWN_TAG]}, "telecom": [{"system": "phone", "value": telephone}], **more,
        },
    )  # fmt: skip
    return name_text(read(SYSTEM, "Patient", OTHER.id)[0]["name"])


def _after_a_new_number(client: Client) -> str:
    answer = client.post(
        reverse("portal-own-change"),
        {"subject": f"Patient/{ASLAUG.id}", "version": _version(), **FORM, "telephone": "90000009"},
        follow=True,
    )
    return str(answer.content.decode())


def test_after_a_new_number_she_reads_whose_record_has_the_old_one_and_changes_it_there(
    aslaug: Client,
) -> None:
    other = _stands_as_next_of_kin()
    page = _after_a_new_number(aslaug)
    told = page.split('id="elsewhere-title"')[1].split("</section>")[0]
    assert "900 00 001" in told
    assert other in told
    there = aslaug.post(
        reverse("portal-switch"),
        {"subject": f"Patient/{ASLAUG.id}", "person": OTHER.id, "to": "own"},
        follow=True,
    )
    address = reverse("portal-own-contact", kwargs={"contact_id": "noted"})
    assert address in there.content.decode()
    form = {
        "subject": f"Patient/{OTHER.id}", "version": _version("RelatedPerson", "noted"),
        "name": "Aslaug", "relation": "CHILD", "telephone": "90000009",
    }  # fmt: skip
    assert aslaug.post(address, form).status_code == 302


@pytest.mark.parametrize(
    "noted",
    [
        {"telephone": "+47 900 00 009"},  # the new one already
        {"name": [{"text": "En Annen"}]},
        {"active": False},
    ],
)
def test_what_is_not_her_or_has_the_new_number_is_not_told(
    aslaug: Client, noted: dict[str, Any]
) -> None:
    _stands_as_next_of_kin(**noted)
    assert "elsewhere-title" not in _after_a_new_number(aslaug)


def test_a_register_s_note_of_her_is_hers_to_ask_about_and_not_to_change(aslaug: Client) -> None:
    _stands_as_next_of_kin(
        meta={"tag": [{"code": "register"}]}, identifier=[{"system": FNR_SYSTEM, "value": ASLAUG.number}],
        name=[{"text": "A. Nesvoll"}],
    )  # fmt: skip
    told = _after_a_new_number(aslaug).split('id="elsewhere-title"')[1].split("</section>")[0]
    assert "<form" not in told


def test_the_record_of_somebody_she_does_not_act_for_is_not_looked_in(aslaug: Client) -> None:
    _stands_as_next_of_kin()
    power(OTHER.id, ASLAUG, days=-1)
    assert "elsewhere-title" not in _after_a_new_number(aslaug)


@pytest.mark.parametrize(
    ("sex", "said"), [("female", "Daughter"), ("male", "Son"), ("", "Son or daughter")]
)
def test_what_somebody_is_to_her_goes_by_the_sex_that_is_registered(
    aslaug: Client, sex: str, said: str
) -> None:
    put(
        "RelatedPerson", "kari", patient={"reference": f"Patient/{ASLAUG.id}"},
        name=[{"text": "Kari"}], relationship=[{"coding": [{"system": RELATION, "code": "CHILD"}]}],
        **({"gender": sex} if sex else {}),
    )  # fmt: skip
    aslaug.cookies["language"] = "en"
    about = re.findall(r'<p class="card__about">([^<]*)', _text(aslaug))
    assert said in [each.strip() for each in about]
