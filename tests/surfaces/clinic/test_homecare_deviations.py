"""Deviations: asked for in whole, told who must know, ended by the leader."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from fellesjournal.foundation import clock
from tests.homecare_at_home import (
    CARER,
    FELL,
    LEADER,
    PATIENT,
    at_eight,
    form_of,
    home,
    page_of,
    visit_address,
)
from tests.signing_in import put, staff_client

__all__ = ["at_eight", "home"]  # fixtures

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("home")
def test_a_deviation_is_on_the_leaders_list_until_she_ends_it_in_words() -> None:
    client, address = staff_client(CARER), visit_address()
    answer = client.post(address, form_of(page_of(client, address), 'value="deviation"') | FELL)
    assert answer["Location"] == f"{address}#deviations-title"
    receipt = re.search(r'id="deviations-title".*?</ul>', page_of(client, address), re.DOTALL)
    assert receipt is not None
    assert re.search(r"08:01: Falt på badet", receipt[0])
    own = page_of(client, reverse("home-care-work"))
    assert "Falt på badet" in own
    assert not re.search(r'action="[^"]*/homecare/work/', own)
    leader = staff_client(LEADER)
    text = page_of(leader, reverse("home-care-work"))
    assert "Falt på badet" in text
    task = re.search(r'action="([^"]*/homecare/work/[^"]+)"', text)
    assert task is not None
    fields = form_of(text, "version")
    assert leader.post(task[1], fields | {"words": ""}).status_code == 409
    assert leader.post(task[1], fields | {"words": "Gulvet sikret"}).status_code == 302
    assert "Falt på badet" not in page_of(leader, reverse("home-care-work"))


@pytest.mark.usefixtures("home")
def test_when_it_happened_is_told_and_never_ahead() -> None:
    client, address = staff_client(CARER), visit_address()
    fields = form_of(page_of(client, address), 'value="deviation"') | FELL
    day = f"{clock.today():%Y-%m-%d}"
    for wrong in (f"{day}T08:02", "yesterday", "0001-01-01T00:00", f"{day}T25:00"):
        refused = client.post(address, fields | {"happened": wrong})
        assert refused.status_code == 422
        assert "Det kan ikke ha skjedd" in refused.content.decode()
        assert "Falt på badet" in refused.content.decode()  # what was written stands
    assert client.post(address, fields | {"happened": f"{day}T06:30"}).status_code == 302
    shown = page_of(client, address)
    assert re.search(r"Skjedde \d+\.\d+\.\d{4} 06:30", shown)
    assert "06:30" in page_of(staff_client(LEADER), reverse("home-care-work"))


def _warn(words: str) -> None:
    put(
        "Flag", "warning", status="active", code={"text": words}, subject={"reference": PATIENT},
        category=[{"text": "klinisk"}],
    )  # fmt: skip


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("warning", "harm", "calls"),
    [
        ("Bruker blodfortynnende (apiksaban)", "head", True),
        ("Bruker blodfortynnende (apiksaban)", "hurt", False),
        ("Fallfare", "head", False),
    ],
)
def test_a_blow_to_the_head_of_who_takes_blood_thinners_says_call_now(
    *, warning: str, harm: str, calls: bool
) -> None:
    _warn(warning)
    client, address = staff_client(CARER), visit_address()
    text = page_of(client, address)
    assert ('id="warns"' in text) is ("blod" in warning)
    client.post(address, form_of(text, 'value="deviation"') | FELL | {"harm": harm})
    receipt = re.search(r'id="deviations-title".*?</ul>', page_of(client, address), re.DOTALL)
    assert receipt is not None
    assert ("call-now" in receipt[0]) is calls


@pytest.mark.usefixtures("home")
def test_a_deviation_without_its_kind_keeps_what_was_written_and_says_what_is_missing() -> None:
    client, address = staff_client(CARER), visit_address()
    fields = form_of(page_of(client, address), 'value="deviation"') | FELL | {"kind": "nonsense"}
    answer = client.post(address, fields)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Falt på badet</textarea>" in text
    assert re.search(r'id="harm-none" value="none" checked', text)
    assert re.search(r'id="kind-problem">[^<]+<', text)
    assert re.findall(r'id="([^"]+)"[^>]* autofocus', text) == ["kind-fall"]
    assert "deviations-title" not in text


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("left_out", "focused"), [("kind", "kind-fall"), ("harm", "harm-none"), ("words", "deviation")]
)
def test_each_question_of_a_deviation_says_itself_that_it_is_not_answered(
    left_out: str, focused: str
) -> None:
    client, address = staff_client(CARER), visit_address()
    form = next(
        f
        for f in re.findall(r"<form.*?</form>", page_of(client, address), re.DOTALL)
        if 'value="deviation"' in f
    )
    assert "novalidate" in form
    answer = client.post(address, form_of(form, "") | FELL | {left_out: " "})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert re.findall(r'id="([a-z]+)-problem">[^<]+<', text) == [left_out]
    assert f'aria-describedby="{left_out}-problem"' in text
    assert re.findall(r'id="([^"]+)"[^>]* autofocus', text) == [focused]
    assert 'id="problem"' not in text
