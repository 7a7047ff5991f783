"""Addresses of conversations with citizens, and of how they are reached."""

from __future__ import annotations

from django.urls import URLPattern, path

from fellesjournal.surfaces.clinic import contact_views, message_views

_ALL = "patients/<fhir_id:patient_id>/messages/"
_ONE = f"{_ALL}<fhir_id:conversation_id>/"


def message_urls() -> list[URLPattern]:
    """To be called when the converter ``fhir_id`` is registered."""
    return [
        path("messages/", message_views.unit_queue, name="message-queue"),
        path("patients/<fhir_id:patient_id>/contact/", contact_views.contact, name="contact"),
        path(_ALL, message_views.of_person, name="conversations"),
        path(_ONE, message_views.one, name="conversation"),
        path(f"{_ONE}answer/", message_views.answer, name="conversation-answer"),
        path(f"{_ONE}take/", message_views.take, name="conversation-take"),
        path(f"{_ONE}hand-over/", message_views.hand_over, name="conversation-hand-over"),
        path(f"{_ONE}end/", message_views.end, name="conversation-end"),
    ]


__all__ = ["message_urls"]
