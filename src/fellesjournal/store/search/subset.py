"""Parts of resources in a search: ``_summary`` and ``_elements``, cut as everywhere else."""

from __future__ import annotations

from fellesjournal.fhir import subsets


def subset(body: bytes, type_name: str, summary: str | None, elements: tuple[str, ...]) -> bytes:
    """The part of a resource that is asked for, mandatory elements always with it.

    ``summary`` is true, text or data; with ``elements``, names without type suffix, it does
    not count. The body itself when nothing is left out by request.
    """
    if elements:
        cut = subsets.subset(None, ",".join(elements))
    else:
        cut = subsets.subset(summary if summary in {"true", "text", "data"} else None, None)
    return body if cut is None else cut(type_name, body)
