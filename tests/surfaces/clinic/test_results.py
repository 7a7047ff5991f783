"""Requisitions and results as staff meet them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from fellesjournal.access.labels import CONFIDENTIALITY
from fellesjournal.care.orders.catalogue import panels
from fellesjournal.care.orders.queries import Status, requisitions_of
from fellesjournal.foundation.database.connection import connection
from tests.care.results.laboratory import LABORATORY, NLK, handle, report, value
from tests.signing_in import ASLAUG, GP, put, register, staff_client
from tests.staff import SYSTEM
from tests.surfaces.statements import counted

LAB_TYPE = {"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.8624", "code": "14"}]}
HB, CRP = "NOR05172", "NPU19748"


@pytest.fixture
def gp(db: None) -> Client:
    """A GP at work with Aslaug and Kari on her list, and a laboratory."""
    del db
    client = staff_client(GP)
    on_list = [{"reference": f"Practitioner/{GP.id}"}]
    register(generalPractitioner=on_list)
    put("Patient", "kari", name=[{"given": ["Kari"], "family": "Prøve"}],
        generalPractitioner=on_list)  # fmt: skip
    put("Organization", "lab", name="Laboratoriet", active=True, type=[LAB_TYPE])
    return client


def order(gp: Client, patient: str = ASLAUG.id, **more: object) -> Any:
    return gp.post(
        f"/patients/{ASLAUG.id}/laboratory/new/",
        {
            "patient": patient, "panels": ["infection"], "analyses": [HB],
            "information": "Hoste i tre uker", "urgency": "asap", "sample": "here",
            "laboratory": "Organization/lab", **more,
        },
    )  # fmt: skip


def answer(patient: str = ASLAUG.id, key: str = "r", number: float = 9.0) -> None:
    value(number, patient=patient)
    report(patient=patient, key=key)
    handle()


def waiting(gp: Client) -> list[str]:
    page = gp.get("/results/").content.decode()
    return re.findall(r'<th scope="row"><a href="/patients/([^/]+)/reports/', page)


def acknowledged(gp: Client, key: str = "r", patient: str = ASLAUG.id, **said: str) -> Any:
    page = gp.get(f"/patients/{patient}/reports/{key}/").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(task|version)" value="([^"]*)"', page))
    fields = {"patient": patient, "do": "no-action", **hidden, **said}
    return gp.post(f"/patients/{patient}/reports/{key}/acknowledge/", fields)


def test_a_panel_and_a_single_analysis_are_ordered_together(gp: Client) -> None:
    answered = order(gp)
    assert answered.status_code == 302
    (found,) = requisitions_of(SYSTEM, ASLAUG.id)
    assert {each.code for each in found.analyses} == {HB, CRP, "NPU02593"}
    assert (found.urgency, found.laboratory, found.requester) == ("asap", "Laboratoriet", GP.name)
    page = gp.get(f"/patients/{ASLAUG.id}/laboratory/").content.decode()
    assert found.number in page


def test_a_panel_says_what_is_in_it(gp: Client) -> None:
    page = gp.get(f"/patients/{ASLAUG.id}/laboratory/new/").content.decode()
    (infection,) = [each for each in panels() if each.key == "infection"]
    assert f"{', '.join(each.name for each in infection.analyses)}</span>" in unescape(page)


def test_the_overview_tells_how_far_a_requisition_has_come(gp: Client) -> None:
    order(gp)
    (found,) = requisitions_of(SYSTEM, ASLAUG.id)
    link = f"/patients/{ASLAUG.id}/laboratory/{found.number}/"
    assert link in gp.get(f"/patients/{ASLAUG.id}/").content.decode()
    for each in found.analyses:
        report(patient=ASLAUG.id, key=f"r-{each.code}", request=each.id)
    handle()
    assert link not in gp.get(f"/patients/{ASLAUG.id}/").content.decode()


def test_the_pages_keep_to_their_budget_of_queries(
    gp: Client, django_assert_max_num_queries: Any
) -> None:
    order(gp)
    for number in range(12):
        answer(key=f"r{number}", number=8.0 + number)
    for address in (
        "/results/", f"/patients/{ASLAUG.id}/laboratory/", f"/patients/{ASLAUG.id}/reports/r3/",
        f"/patients/{ASLAUG.id}/laboratory/new/", f"/patients/{ASLAUG.id}/",
    ):  # fmt: skip
        with django_assert_max_num_queries(20):  # ui.md section 11
            assert gp.get(address).status_code == 200, address


def test_the_bar_counts_what_awaits_her_as_the_inbox_lists_it(gp: Client) -> None:
    assert gp.get("/waiting/").json() == {}
    for number in range(3):
        answer(key=f"r{number}", patient=("kari", ASLAUG.id)[number % 2])
    seen = "select count(*) from access.log where patients <> '{}'"
    before = connection().execute(seen).fetchone()
    with counted() as asked:
        found = gp.get("/waiting/")
    assert connection().execute(seen).fetchone() == before  # no citizen's log tells of a count
    entered = sum("enter_staff" in each for each in asked.statements)  # anew in a transaction
    assert len(asked) - entered <= 20  # ui.md section 11
    assert found["Cache-Control"] == "no-store"
    assert len(waiting(gp)) == 3
    assert found.json() == {"/results/": {"n": 3, "words": "3 venter på deg"}}


def test_inv_44_an_order_from_another_patients_page_writes_nothing(gp: Client) -> None:
    answered = order(gp, patient="kari")
    assert answered.status_code == 409
    assert requisitions_of(SYSTEM, ASLAUG.id) == ()
    assert requisitions_of(SYSTEM, "kari") == ()


def test_an_order_of_nothing_tells_what_is_missing_and_keeps_the_text(gp: Client) -> None:
    answered = order(gp, panels=[], analyses=[])
    assert answered.status_code == 422
    assert "Hoste i tre uker" in answered.content.decode()


def test_a_requisition_is_taken_back_from_its_page(gp: Client) -> None:
    order(gp)
    (found,) = requisitions_of(SYSTEM, ASLAUG.id)
    address = f"/patients/{ASLAUG.id}/laboratory/{found.number}/"
    seen = [f"{key}:{version}" for key, version in found.seen.items()]
    missing = gp.post(f"{address}take-back/", {"patient": ASLAUG.id, "seen": seen, "reason": ""})
    assert missing.status_code == 422
    done = gp.post(f"{address}take-back/", {"patient": ASLAUG.id, "seen": seen, "reason": "Feil"})
    assert done.status_code == 302
    assert requisitions_of(SYSTEM, ASLAUG.id)[0].status is Status.CANCELLED
    late = gp.post(f"{address}take-back/", {"patient": ASLAUG.id, "seen": seen, "reason": "Feil"})
    assert late.status_code == 409


def test_a_change_of_a_requisition_adds_an_analysis(gp: Client) -> None:
    order(gp)
    (found,) = requisitions_of(SYSTEM, ASLAUG.id)
    address = f"/patients/{ASLAUG.id}/laboratory/{found.number}/change/"
    assert gp.get(address).status_code == 200
    fields = {
        "patient": ASLAUG.id, "seen": [f"{key}:{version}" for key, version in found.seen.items()],
        "analyses": [HB, CRP, "NPU27547"], "information": "Hoste", "urgency": "routine",
        "reason": "Også stoffskiftet",
    }  # fmt: skip
    assert gp.post(address, fields).status_code == 302
    (after,) = requisitions_of(SYSTEM, ASLAUG.id)
    assert "NPU27547" in {each.code for each in after.analyses if each.is_open}
    assert gp.post(address, fields).status_code == 409


def _row(gp: Client, key: str = "r") -> str:
    page = unescape(gp.get("/results/").content.decode())
    found = re.search(
        rf'<tr>\s*<th scope="row"><a href="[^"]*/reports/{key}/".*?</tr>', page, re.DOTALL
    )
    assert found is not None
    return found[0]


def _named(gp: Client) -> list[str]:
    found = re.search(r'results__which">([^<]*)<', _row(gp))
    return found[1].strip().split(", ") if found else []


def _analyses(*names: str, **more: Any) -> list[dict[str, str]]:
    """Abnormal values of these names, and references to them."""
    for number, name in enumerate(names):
        put(
            "Observation", f"{ASLAUG.id}-a{number}", category=LABORATORY,
            code={"text": name}, subject={"reference": f"Patient/{ASLAUG.id}"},
            effectiveDateTime="2026-05-04T08:00:00+02:00", valueString="x",
            **{"status": "final", "interpretation": [{"coding": [{"code": "H"}]}], **more},
        )  # fmt: skip
    return [{"reference": f"Observation/{ASLAUG.id}-a{n}"} for n, _ in enumerate(names)]


def test_the_inbox_names_the_abnormal_analyses_and_no_others(gp: Client) -> None:
    value(13.0, patient=ASLAUG.id)  # haemoglobin as it should be
    result = [{"reference": f"Observation/{ASLAUG.id}-hb"}, *_analyses("P-Kalium", "P-Kreatinin")]
    report(patient=ASLAUG.id, result=result)
    handle()
    assert _named(gp) == ["P-Kalium x", "P-Kreatinin x"]


def test_the_inbox_names_four_abnormal_analyses_and_says_how_many_more(gp: Client) -> None:
    report(patient=ASLAUG.id, result=_analyses(*(f"P-{n}" for n in range(6))))
    handle()
    assert re.search(r"P-0 x, P-1 x, P-2 x, P-3 x [^,<]*2 ", _row(gp))


def test_what_was_taken_back_is_not_named_in_the_inbox(gp: Client) -> None:
    result = _analyses("P-Kalium", "P-Kreatinin")
    report(patient=ASLAUG.id, result=result)
    handle()
    _analyses("P-Kalium", status="entered-in-error")
    assert _named(gp) == ["P-Kreatinin x"]


def test_an_analysis_that_is_closed_to_her_is_not_named_in_the_inbox(gp: Client) -> None:
    result = _analyses("P-Kalium", "HIV")
    report(patient=ASLAUG.id, result=result)
    handle()
    assert _named(gp) == ["P-Kalium x", "HIV x"]
    closed = {"security": [{"system": CONFIDENTIALITY, "code": "R"}]}
    _analyses("P-Kalium", "HIV", meta=closed)
    assert _named(gp) == []


def test_the_inbox_names_what_was_measured_in_a_usual_result(gp: Client) -> None:
    values = _analyses(*(f"P-{n}" for n in range(6)), interpretation=[{"coding": [{"code": "N"}]}])
    report(patient=ASLAUG.id, result=values)
    handle()
    assert _named(gp) == []
    assert re.search(r'row__aside">P-0, P-1, P-2, P-3 …<', _row(gp))


def test_beside_an_abnormal_value_that_is_closed_no_other_is_named(gp: Client) -> None:
    value(13.0, patient=ASLAUG.id)
    result = [{"reference": f"Observation/{ASLAUG.id}-hb"}, *_analyses("HIV")]
    report(patient=ASLAUG.id, result=result)
    handle()
    _analyses("HIV", meta={"security": [{"system": CONFIDENTIALITY, "code": "R"}]})
    assert "row__aside" not in _row(gp)


def test_the_inbox_counts_what_it_lists_and_the_abnormal_come_first(gp: Client) -> None:
    answer("kari", "normal", 13.0)
    answer()
    assert waiting(gp) == [ASLAUG.id, "kari"]
    page = gp.get("/results/").content.decode()
    assert re.search(r'panel__count">2<', page)


def test_acknowledging_opens_no_other_patient_but_the_inbox_with_a_way_to_the_next(
    gp: Client,
) -> None:
    answer("kari", "normal", 13.0)
    answer()
    first = acknowledged(gp)
    assert first["Location"] == "/results/"
    page = gp.get("/results/").content.decode()
    assert re.search(
        r'href="/patients/kari/reports/normal/">\s*(Neste svar|Next result): Kari Prøve', page
    )
    second = acknowledged(gp, "normal", "kari")
    assert second["Location"] == "/results/"
    assert waiting(gp) == []


def test_an_action_without_words_is_asked_for_and_nothing_is_acknowledged(gp: Client) -> None:
    answer()
    answered = acknowledged(gp, do="action", words=" ")
    assert answered.status_code == 422
    assert waiting(gp) == [ASLAUG.id]


def test_inv_30_a_page_from_before_a_correction_acknowledges_nothing_and_keeps_the_text(
    gp: Client,
) -> None:
    answer()
    page = gp.get(f"/patients/{ASLAUG.id}/reports/r/").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(task|version)" value="([^"]*)"', page))
    value(7.0, patient=ASLAUG.id, status="corrected")
    report("corrected", patient=ASLAUG.id)
    handle()
    answered = gp.post(
        f"/patients/{ASLAUG.id}/reports/r/acknowledge/",
        {"patient": ASLAUG.id, **hidden, "do": "action", "words": "Ringer henne"},
    )
    assert answered.status_code == 409
    assert "Ringer henne" in answered.content.decode()
    assert waiting(gp) == [ASLAUG.id]


def test_inv_30_a_withdrawn_result_shows_no_value_anywhere(gp: Client) -> None:
    answer(number=9.12)
    chart = gp.get(f"/patients/{ASLAUG.id}/").content.decode()
    assert "9,12" in chart
    report("cancelled", patient=ASLAUG.id)  # its values still say final
    handle()
    for address in (
        "",
        "laboratory/",
        "reports/r/",
        "results/?of=urn:oid:2.16.578.1.12.4.1.1.7280%7CNOR05172",
    ):
        page = gp.get(f"/patients/{ASLAUG.id}/{address}", follow=True).content.decode()
        assert "9,12" not in page, address


def test_inv_21_a_result_is_shown_under_its_own_patients_banner_alone(gp: Client) -> None:
    answer()
    assert gp.get(f"/patients/{ASLAUG.id}/reports/r/").status_code == 200
    assert gp.get("/patients/kari/reports/r/").status_code == 404


def test_acknowledge_and_write_leads_to_a_letter_with_the_patient_chosen(gp: Client) -> None:
    answer()
    answered = acknowledged(gp, do="write", words="Mer væske")
    assert answered["Location"] == f"/patients/{ASLAUG.id}/letters/new/?to=patient&about=r"
    page = gp.get(answered["Location"]).content.decode()
    assert re.search(r'name="to_patient"[^>]* checked', page)
    assert re.search(r"<textarea[^>]*>\s*B-Hemoglobin 9", page)  # its values, to write around
    of_another = "/patients/kari/letters/new/?to=patient&about=r"
    assert "Hemoglobin" not in gp.get(of_another).content.decode()
    assert f'href="/patients/{ASLAUG.id}/reports/r/"' in page  # the receipt leads back to it
    assert waiting(gp) == []
    assert "Mer væske" in gp.get(f"/patients/{ASLAUG.id}/reports/r/").content.decode()


def test_no_button_is_the_main_one_for_a_result_that_deviates(gp: Client) -> None:
    """Ctrl Enter acknowledges with what is written; it never says "no action"."""
    answer(number=3.0)
    page = gp.get(f"/patients/{ASLAUG.id}/reports/r/").content.decode()
    form = page.partition(f"/patients/{ASLAUG.id}/reports/r/acknowledge/")[2].partition("</form>")[
        0
    ]
    buttons = re.findall(r"<button[^>]*>", form)
    assert len(buttons) == 3
    assert all('data-variant="secondary"' in each for each in buttons)
    (key,) = [each for each in buttons if "data-ctrl-enter" in each]
    assert 'value="action"' in key


def test_the_page_of_a_result_shows_the_value_before_with_its_day(gp: Client) -> None:
    gp.cookies["language"] = "en"
    put("Observation", "earlier", status="final", subject={"reference": f"Patient/{ASLAUG.id}"},
        code={"coding": [{"system": NLK, "code": "NOR05172"}], "text": "B-Hemoglobin"},
        category=LABORATORY, effectiveDateTime="2025-03-09",
        valueQuantity={"value": 12.5, "unit": "g/dL"})  # fmt: skip
    answer()
    page = gp.get(f"/patients/{ASLAUG.id}/reports/r/").content.decode()
    (before,) = re.findall(r'<span class="results__before">([^<]*)</span>', page)
    assert "12.5 g/dL, 9 Mar 2025" in before


def test_who_takes_the_sample_is_never_chosen_beforehand(gp: Client) -> None:
    page = gp.get(f"/patients/{ASLAUG.id}/laboratory/new/").content.decode()
    assert not re.search(r'name="sample"[^>]* checked', page)
    assert order(gp, sample="").status_code == 422
    assert list(requisitions_of(SYSTEM, ASLAUG.id)) == []
