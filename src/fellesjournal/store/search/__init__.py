"""Search: queries of http://hl7.org/fhir/R4/search.html compiled to SQL over the index.

:func:`search` answers one page. The modules, in the order a query passes through them:
request (what is asked for), criteria (each parameter, with chains, composites and the
kinds of values), sorting, pages, includes, subset.
"""

from __future__ import annotations

from fellesjournal.store.search.pages import SearchPage, search, search_ids, search_patients

__all__ = ["SearchPage", "search", "search_ids", "search_patients"]
