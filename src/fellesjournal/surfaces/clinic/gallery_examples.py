"""The components of deliveries, alerts, representation and medicines in their states, for the gallery."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms

from fellesjournal.care.medication.rendering import Line
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.resources import Delivery, Proof, Recipient
from fellesjournal.care.messages.states import Route, State
from fellesjournal.surfaces.clinic.medicine_wording import AlertRow

_AT = datetime(2026, 3, 2, 9, 32, tzinfo=UTC)


class _Override(forms.Form):
    override = forms.CharField(label="Hvorfor det gis likevel", widget=forms.Textarea)


def examples() -> dict[str, Any]:
    """What the gallery's templates show, by name."""
    return {
        "worklist": ["Aslaug Kvernbråten"],
        "deliveries": _deliveries(),
        "blocking": [
            AlertRow("a", "Allergi", "Penicillin", "anafylaksi", grave=True),
            AlertRow("b", "Samme legemiddel", "Fenoksymetylpenicillin", "", grave=False),
        ],
        "override": _Override()["override"],
        "acting": {
            "name": "Ole Vollseter",
            "as_what": "som forelder",
            "until": "til 11. mai 2034",
            "left_out": "notater og brev",
            "is_reduced": True,
        },
        "medicines": _medicines(),
    }


def _deliveries() -> list[Delivery]:
    """One for each of: in queue, on its way, delivered, read, came back, not delivered."""
    states = (
        (State.QUEUED, Route.INSIDE, "Trondheim hjemmetjeneste"),
        (State.TRANSPORT_ACKED, Route.NATIONAL, "Legekontoret ved torget"),
        (State.DELIVERED, Route.NATIONAL, "Frøya legesenter"),
        (State.OPENED, Route.HELSAMI, "Aslaug Kvernbråten"),
        (State.RETURNED, Route.PAPER, "Marit Kvernbråten Lyngstad"),
        (State.EXPIRED, Route.NATIONAL, "Fysioterapeuten"),
    )
    return [
        Delivery(
            id=str(number),
            message=str(number),
            version=1,
            kind=Kind.LETTER,
            document="DocumentReference/1",
            patient="Patient/example",
            recipient=Recipient(f"Organization/{number}", name, route),
            owner="Organization/1",
            state=state,
            evidence=()
            if state is State.QUEUED
            else (Proof(state, _AT.isoformat(), f"kvittering {number}"),),
            sent=_AT,
            deadline=_AT + timedelta(days=2),
            urgent=False,
        )
        for number, (state, route, name) in enumerate(states)
    ]


def _medicines() -> list[tuple[str, Line]]:
    """Daily, weekly, paused, during a stay, in words nobody checked."""
    plain = Line("", "Metoprolol 50 mg depottablett", "1 tablett morgen hver dag", "for hjertet",
                 weekly=False, in_doubt=False, paused=False, in_stay=False, since=None,
                 by="Ragna Lyngbakk")  # fmt: skip
    return [
        ("daily", plain),
        ("weekly", _with(plain, name="Metotreksat 2,5 mg tablett", weekly=True)),
        ("paused", _with(plain, name="Metformin 500 mg tablett", paused=True)),
        ("stay", _with(plain, name="Furosemid 40 mg tablett", in_stay=True)),
        ("doubt", _with(plain, name="Warfarin 2,5 mg tablett", dose="etter avtale", in_doubt=True)),
    ]


def _with(line: Line, **changed: Any) -> Line:
    return Line(**{**{name: getattr(line, name) for name in Line.__slots__}, **changed})


__all__ = ["examples"]
