"""Everything that can be wrong with a request, as FHIR says it.

An :class:`Issue` is one line of an OperationOutcome. A :class:`FhirError` carries the
issues of one refused request together with the HTTP status a FHIR server answers with
(https://hl7.org/fhir/R4/http.html#Status-Codes). Lower layers raise these; surfaces
render them, and only there do they become HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem: what it is, how bad, and where.

    ``code`` is from http://hl7.org/fhir/issue-type, ``expression`` holds FHIRPath
    locations such as ``Observation.component[1].code``.
    """

    code: str
    diagnostics: str
    expression: tuple[str, ...] = ()
    severity: str = "error"

    def as_json(self) -> dict[str, Any]:
        """The OperationOutcome.issue element."""
        element: dict[str, Any] = {
            "severity": self.severity,
            "code": self.code,
            "diagnostics": self.diagnostics,
        }
        if self.expression:
            element["expression"] = list(self.expression)
        return element


def operation_outcome(issues: Iterable[Issue]) -> dict[str, Any]:
    """An OperationOutcome resource; with no issue it says that all went well."""
    listed = [issue.as_json() for issue in issues]
    if not listed:
        listed = [Issue("informational", "All OK", severity="information").as_json()]
    return {"resourceType": "OperationOutcome", "issue": listed}


class FhirError(Exception):
    """A refused request. ``status`` is the HTTP status it is answered with."""

    status = 400
    code = "invalid"

    def __init__(
        self,
        problem: str | Iterable[Issue],
        *expression: str,
        code: str | None = None,
    ) -> None:
        if isinstance(problem, str):
            self.issues: tuple[Issue, ...] = (Issue(code or self.code, problem, expression),)
        else:
            self.issues = tuple(problem)
        super().__init__("; ".join(issue.diagnostics for issue in self.issues))


class BadRequest(FhirError):
    """The request can't be understood (400)."""


class Unprocessable(FhirError):
    """Understood, but breaks a rule of the type, a profile or the platform (422)."""

    status = 422
    code = "processing"


class NotFound(FhirError):
    """Nothing there that this session may see (404)."""

    status = 404
    code = "not-found"


class Gone(FhirError):
    """It was there and is deleted (410)."""

    status = 410
    code = "deleted"


class Conflict(FhirError):
    """The change meets another one: duplicate number, version in the way (409)."""

    status = 409
    code = "conflict"


class PreconditionFailed(FhirError):
    """If-Match or a conditional criterion does not hold (412)."""

    status = 412
    code = "conflict"


class TooLarge(FhirError):
    """A configured limit is passed (413)."""

    status = 413
    code = "too-long"


class TooManyRequests(FhirError):
    """The server sheds load (429)."""

    status = 429
    code = "throttled"


class NotAllowed(FhirError):
    """The session may not do this (403)."""

    status = 403
    code = "forbidden"


class NotSupported(FhirError):
    """A part of the standard this server does not offer (see metadata)."""

    status = 400
    code = "not-supported"
