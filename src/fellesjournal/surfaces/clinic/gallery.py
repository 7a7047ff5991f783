"""The component gallery at /ui/: every component in all its states, in development only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from fellesjournal.care.chart.clinical import Alert, Allergies, Allergy, AllergyState
from fellesjournal.care.chart.results import trends
from fellesjournal.care.chart.timeline import events, filtered
from fellesjournal.care.citizens.resources import person
from fellesjournal.fhir.reading import moment
from fellesjournal.surfaces.clinic.gallery_examples import examples as more_examples
from fellesjournal.surfaces.clinic.note_examples import examples as note_examples
from fellesjournal.surfaces.measurements import trend_rows


class _Example(forms.Form):
    dose = forms.DecimalField(label="Dose", error_messages={"required": "Skriv dosen"})


def gallery(request: HttpRequest) -> HttpResponse:
    """One page with everything on it."""
    form = _Example({"dose": ""})
    form.is_valid()
    return render(
        request,
        "clinic/gallery.html",
        {**_patients(), **_results(), **note_examples(), **more_examples(), "form": form},
    )


def _patients() -> dict[str, Any]:
    someone = person(
        {
            "id": "example",
            "name": [{"given": ["Aslaug"], "family": "Kvernbråten"}],
            "birthDate": "1944-03-14",
            "gender": "female",
            "identifier": [{"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "14834447836"}],
        }
    )
    penicillin = Allergy(
        "Penicillin", "Anafylaksi", grave=True, certainty="confirmed", kind="medication",
        recorded=moment("2019-05"),
    )  # fmt: skip
    return {
        "person": someone,
        "listed": Allergies(AllergyState.LISTED, (penicillin,)),
        "none_known": Allergies(AllergyState.NONE_KNOWN),
        "not_asked": Allergies(AllergyState.NOT_ASKED),
        "alerts": (Alert("Smitte: MRSA", "Smitte", moment("2024-02-01")),),
    }


def _results() -> dict[str, Any]:
    start = datetime(2024, 1, 8, 8, 30, tzinfo=UTC)
    observations: list[dict[str, Any]] = [
        {
            "status": "final",
            "category": [{"coding": [{"code": "laboratory"}]}],
            "code": {"text": "B-Hemoglobin"},
            "effectiveDateTime": (start + timedelta(days=70 * number)).isoformat(),
            "valueQuantity": {"value": Decimal(value), "unit": "g/dL"},
            "referenceRange": [
                {"low": {"value": Decimal("11.7")}, "high": {"value": Decimal("15.3")}}
            ],
        }
        for number, value in enumerate(["13.1", "12.8", "12.9", "11.2", "10.9"])
    ]
    encounter = {
        "id": "1",
        "status": "finished",
        "class": {"code": "AMB"},
        "type": [{"text": "Konsultasjon hos fastlege", "coding": [{"code": "gp"}]}],
        "period": {"start": "2026-03-02T10:00:00+01:00"},
        "serviceProvider": {"display": "Trondheim legesenter"},
    }
    letter = {
        "id": "2",
        "type": {"text": "Epikrise"},
        "date": "2026-01-20",
        "content": [{"attachment": {"title": "Epikrise: lungebetennelse"}}],
    }
    found = events({"Encounter": [encounter], "DocumentReference": [letter]}, {})
    return {
        "rows": trend_rows(trends(observations)),
        "timeline": filtered(found, kind=None, setting=None, limit=10),
        "no_timeline": filtered((), kind=None, setting=None, limit=10),
    }


urlpatterns: list[URLPattern] = [path("", gallery, name="gallery")]
