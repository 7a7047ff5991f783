"""The bar at the foot of a phone: four places one needs with one hand, and the rest under "More".

On a phone it stands instead of the two strips of pages; the strips' places are all here. What a
banner warns of is never folded into it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.surfaces.clinic.navigation import HOME_CARE, Place, places_of, record_of

_ROOM = 4
_VISIT = "home-visit"
_LATEST_VISIT = "latest-visit"

# What comes first, without a record and in one; what a role has not is passed over.
_FIRST: Sequence[str] = (
    "home-care-day", "home-care-shift", "home-care-work", "applications", "ward", "day-list",
    "patients", "results", "message-queue", "reviews",
)  # fmt: skip
_FIRST_IN_HOME_CARE: Sequence[str] = (
    "home-care-day", "home-care-shift", "home-care-work", "message-queue",
)  # fmt: skip
_IN_RECORD: Sequence[str] = ("chart", "medicines", "notes")

_SHORT: Mapping[str, str | Promise] = MappingProxyType(
    {
        "message-queue": _("Messages"),
        "home-care-plan": _("Plan"),
        "own-readings": _("Readings"),
        "reviews": _("Reviews"),
    }
)
_ICONS: Mapping[str, str] = MappingProxyType(
    {
        "home-care-day": "round", _VISIT: "home", "home-care-plan": "home", "home-care-shift": "check",
        "home-care-work": "unknown", "medicines": "pill", "message-queue": "message",
        "results": "report", "day-list": "appointment", "patients": "search", "chart": "encounter",
        "notes": "document", "ward": "home", "applications": "document", "reviews": "alert",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """One place in the bar: ``icon`` is drawn above its word."""

    href: str
    title: str
    icon: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar, and what stands under "More": of the record that is open, and of the workspace."""

    keys: tuple[Key, ...]
    record: tuple[Key, ...]
    workspace: tuple[Key, ...]


def remember_visit(request: HttpRequest, patient_id: str, visit_id: str) -> None:
    """Keep which visit somebody has opened last, so that its patient's other pages lead back."""
    latest = [patient_id, visit_id]
    if request.session.get(_LATEST_VISIT) != latest:
        request.session[_LATEST_VISIT] = latest


def bar(request: HttpRequest, role: str, here: str, patient_id: str = "") -> Bar | None:
    """The bar of a role on the page ``here``; None for who has no places."""
    places = {each.address: _key(each, here) for each in places_of(role)}
    if not places:
        return None
    parts = {
        each.address: _key(each, here, patient_id)
        for each in (record_of(role) if patient_id else ())
    }
    chosen = _in_record(request, role, here, patient_id, places, parts) if parts else {}
    if not chosen:
        first = _FIRST_IN_HOME_CARE if role in HOME_CARE else _FIRST
        chosen = {name: places[name] for name in (*first, *places) if name in places}
        chosen = dict(list(chosen.items())[:_ROOM])
    return Bar(
        tuple(chosen.values()),
        tuple(key for name, key in parts.items() if name not in chosen),
        tuple(key for name, key in places.items() if name not in chosen),
    )


def _in_record(
    request: HttpRequest,
    role: str,
    here: str,
    patient_id: str,
    places: Mapping[str, Key],
    parts: Mapping[str, Key],
) -> dict[str, Key]:
    first = next(iter(places))
    if role not in HOME_CARE:
        in_record = {name: parts[name] for name in _IN_RECORD if name in parts}
        return {first: places[first], **in_record}
    visit = _visit(request, here, patient_id)
    chosen = {first: places[first]}
    if visit is not None:
        chosen[_VISIT] = visit
    elif "home-care-plan" in parts:
        chosen["home-care-plan"] = parts["home-care-plan"]
    chosen |= {"medicines": parts["medicines"]} if "medicines" in parts else {}
    return chosen | (
        {"message-queue": places["message-queue"]} if "message-queue" in places else {}
    )


def visit_address(request: HttpRequest, patient_id: str) -> str:
    """Where the visit of this patient is that somebody has opened last; "" without one."""
    whose, visit_id = request.session.get(_LATEST_VISIT) or ("", "")
    is_hers = whose == patient_id and visit_id
    return reverse(_VISIT, args=[patient_id, visit_id]) if is_hers else ""


def _visit(request: HttpRequest, here: str, patient_id: str) -> Key | None:
    address = visit_address(request, patient_id)
    return Key(address, str(_("The visit")), _ICONS[_VISIT], here == _VISIT) if address else None


def _key(place: Place, here: str, patient_id: str = "") -> Key:
    return Key(
        reverse(place.address, args=[patient_id] if patient_id else []),
        str(_SHORT.get(place.address, place.title)),
        _ICONS.get(place.address, "document"),
        place.address == here,
    )


__all__ = ["Bar", "Key", "bar", "remember_visit", "visit_address"]
