"""Which page somebody came from, as the name of its route: no address, no id and no question is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from fellesjournal.leadership.rollout.support.ticket import Place

_PREFIX = "fellesjournal.surfaces."
_REFERENCE = re.compile(r"[0-9A-F]{8}")
_OWN = frozenset({"report-problem", "my-reports", "my-report"})


def page_before(request: HttpRequest) -> str:
    """The name of the route that she came from; "" when it is not known, or one of these pages."""
    try:
        came = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if came.netloc != request.get_host():
        return ""
    try:
        name = str(resolve(came.path).view_name or "")
    except Resolver404:
        return ""
    return "" if name in _OWN else name


def place(page: str, reference: str) -> Place:
    """Where it happened, of what a form says; a name that no route has, and a reference that is none,
    are left out.
    """
    module = _modules().get(page)
    found = reference if _REFERENCE.fullmatch(reference) else ""
    return Place("" if module is None else page, module or "", _version(), found)


@cache
def _modules() -> Mapping[str, str]:
    """The part of the program behind each named route: ``clinic/medicine``."""
    return {
        str(each.name): _module(str(getattr(each.callback, "__module__", "")))
        for each in _patterns(get_resolver())
        if each.name
    }


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each)
        else:
            yield each


def _module(name: str) -> str:
    surface, _, views = name.removeprefix(_PREFIX).partition(".")
    part = views.removesuffix("views").strip("_")
    return f"{surface}/{part}" if part else surface


@cache
def _version() -> str:
    try:
        return version("fellesjournal")
    except PackageNotFoundError:  # run from its source
        return ""


__all__ = ["page_before", "place"]
