from __future__ import annotations
from fellesjournal.fhir.issues import NotSupported
from fellesjournal.surfaces.fhir_api.request import Request
from fellesjournal.surfaces.fhir_api.response import Response
def of_patient(request: Request) -> Response:
    raise NotSupported("not yet")
