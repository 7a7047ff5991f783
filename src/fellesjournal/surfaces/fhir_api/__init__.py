"""The FHIR R4 API (http://hl7.org/fhir/R4/http.html) as a plain WSGI callable over ``access``."""

from __future__ import annotations

from fellesjournal.surfaces.fhir_api.application import application

__all__ = ["application"]
