"""Searches."""
from __future__ import annotations
from fellesjournal.fhir.issues import NotSupported
from fellesjournal.surfaces.fhir_api.request import Request
from fellesjournal.surfaces.fhir_api.response import Response

def search_system(request: Request) -> Response:
    raise NotSupported("not yet")
def search_type(request: Request) -> Response:
    raise NotSupported("not yet")
def search_compartment(request: Request) -> Response:
    raise NotSupported("not yet")
