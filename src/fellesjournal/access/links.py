"""Links between the entries of a transaction that lead to no entry.

A ``urn:uuid:`` or ``urn:oid:`` names a resource only inside its Bundle
(https://hl7.org/fhir/R4/bundle.html#references). The standard has the server replace the
links it finds (https://hl7.org/fhir/R4/http.html#trules) and leaves open what becomes of one
that no entry answers. Stored as sent it could never be followed again, and a reference has to
be resolvable (https://hl7.org/fhir/R4/references.html#literal), so it is refused here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from fellesjournal.access.writing import Operation
from fellesjournal.fhir import references
from fellesjournal.fhir.issues import BadRequest, Issue

_INSIDE = ("urn:uuid:", "urn:oid:")


def link_names(operations: Sequence[Operation]) -> frozenset[str]:
    """What the links of a transaction may name: full URLs of what stands after it."""
    return frozenset(
        operation.full_url
        for operation in operations
        if operation.full_url is not None and operation.kind != "delete"
    )


def lost_links(operation: Operation, names: Collection[str]) -> list[Issue]:
    """The links of one operation of a transaction that lead nowhere, each with its place.

    Looks at Reference.reference only: a uri may hold a urn of its own accord. What a Bundle
    refers to that is stored as such is inside that Bundle.
    """
    if operation.body is None or operation.type == "Bundle":
        return []
    lost = {
        target
        for target in references.targets(operation.body.raw)
        if target.startswith(_INSIDE) and target.partition("#")[0] not in names
    }
    if not lost:
        return []
    return [
        Issue(
            "not-found", f"no entry of the transaction has the fullUrl {target[:100]!r}", (place,)
        )
        for place, target in _places(operation.body.data, operation.location or operation.type)
        if target in lost
    ]


def refuse_lost_links(operations: Sequence[Operation]) -> None:
    """Raises BadRequest with every link of the transaction that leads nowhere."""
    names = link_names(operations)
    issues = [issue for operation in operations for issue in lost_links(operation, names)]
    if issues:
        raise BadRequest(issues)


# Any: JSON, of whatever shape a client sends
def _places(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every Reference.reference with its FHIRPath."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "reference" and isinstance(inner, str):
                yield f"{place}.reference", inner
            else:
                yield from _places(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _places(inner, f"{place}[{number}]")
