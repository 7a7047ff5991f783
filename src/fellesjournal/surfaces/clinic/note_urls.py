"""Addresses of notes."""

from __future__ import annotations

from django.urls import URLPattern, path

from fellesjournal.surfaces.clinic import note_views

_ALL = "patients/<fhir_id:patient_id>/notes/"
_ONE = f"{_ALL}<fhir_id:note_id>/"


def note_urls() -> list[URLPattern]:
    """To be called when the converter ``fhir_id`` is registered."""
    return [
        path("notes/", note_views.unsigned, name="unsigned-notes"),
        path(_ALL, note_views.notes, name="notes"),
        path(f"{_ALL}new/", note_views.new, name="note-new"),
        path(_ONE, note_views.read, name="note"),
        path(f"{_ONE}write/", note_views.write, name="note-write"),
        path(f"{_ONE}sign/", note_views.sign, name="note-sign"),
        path(f"{_ONE}add/", note_views.add, name="note-add"),
        path(f"{_ONE}discard/", note_views.discard, name="note-discard"),
    ]


__all__ = ["note_urls"]
