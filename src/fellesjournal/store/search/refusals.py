"""A criterion the search can't carry out."""

from __future__ import annotations


class Refused(ValueError):
    """Names the criterion and says why. ``code`` is of http://hl7.org/fhir/issue-type;
    ``unknown`` when the parameter does not exist for the type.
    """

    def __init__(
        self, name: str, reason: str, *, code: str = "value", unknown: bool = False
    ) -> None:
        super().__init__(reason)
        self.name = name
        self.reason = reason
        self.code = code
        self.unknown = unknown
