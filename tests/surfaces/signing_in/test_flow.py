"""Signing in through a provider, the whole way: staff and citizens."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.signing_in import ASLAUG, CASE_OFFICER, GP, employ, register, sign_in, staff_client

pytestmark = pytest.mark.django_db


def test_staff_sign_in_with_helseid_and_work_in_their_only_role() -> None:
    client = staff_client()
    page = client.get(reverse("patients"))
    assert page.status_code == 200
    assert "Ragna Lyngbakk" in page.content.decode()
    assert "Fastlege, Trondheim legesenter" in page.content.decode()


def test_citizen_signs_in_with_idporten_and_is_greeted_after_the_terms() -> None:
    register()
    client = Client()
    answer = sign_in(client, ASLAUG.id, "citizen")
    assert answer["Location"] == reverse("portal")
    terms = client.get(reverse("portal"), follow=True)
    assert terms.redirect_chain[-1][0].startswith(reverse("portal-terms"))
    client.post(reverse("portal-terms"), {"accept": "1"})
    assert "Hei, Aslaug" in client.get(reverse("portal")).content.decode()


def test_staff_without_an_hpr_number_are_known_by_their_person_number() -> None:
    client = staff_client(CASE_OFFICER)
    assert "Randulf Stokkanmo" in client.get(reverse("patients")).content.decode()
