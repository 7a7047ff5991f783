"""getResourceKey() and getReferenceKey(): what joins the tables of two views.

The key of a resource is its relative reference, ``Patient/1``. Whoever keeps tables may put
another in its place, as long as equal keys stay equal.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fellesjournal.fhir.references import local


def resource_key(resource: Any) -> str | None:
    """``Patient/1``; None for a resource without id."""
    fhir_id = resource.get("id") if isinstance(resource, dict) else None
    return None if fhir_id is None else f"{resource['resourceType']}/{fhir_id}"


def reference_key(reference: Any, wanted: str | None, own_bases: tuple[str, ...]) -> str | None:
    """The key of what a Reference leads to, when that is of the type wanted (None: any).

    None for a reference without address, into the resource itself, or to another server.
    """
    address = reference.get("reference") if isinstance(reference, dict) else None
    return _key(address, wanted, own_bases) if isinstance(address, str) else None


@lru_cache(maxsize=16384)
def _key(address: str, wanted: str | None, own_bases: tuple[str, ...]) -> str | None:
    target = local(address)
    if target is None or (target.base is not None and target.base not in own_bases):
        return None
    return str(target) if wanted is None or target.type == wanted else None


__all__ = ["reference_key", "resource_key"]
