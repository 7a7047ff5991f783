"""A search as asked for: its criteria, and how the answer shall look.

http://hl7.org/fhir/R4/search.html#Summary. Everything that is not understood is refused, or
with lenient handling left out and named, so that the self link shows what was used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fellesjournal.fhir.definitions import is_resource_type
from fellesjournal.fhir.definitions.search import search_of
from fellesjournal.store.search.refusals import Refused

SUMMARIES = ("true", "text", "data", "count", "false")
TOTALS = ("none", "estimate", "accurate")
# How the surface writes the answer; no business of the store.
_PRESENTATION = frozenset({"_format", "_pretty"})
_MOST_SORT_KEYS = 8


@dataclass(frozen=True, slots=True)
class Include:
    """``_include=Source:parameter:target``. ``source`` None: every type (``*``);
    ``parameter`` None: every reference; ``again``: also from what was included.
    """

    reverse: bool
    source: str | None
    parameter: str | None
    target: str | None
    again: bool


@dataclass(slots=True)
class Request:
    """A parsed search. ``types`` empty: all of them. ``used`` repeats what was understood,
    in order; ``refused`` what was not.
    """

    types: tuple[str, ...]
    criteria: list[tuple[str, str]] = field(default_factory=list)
    includes: list[Include] = field(default_factory=list)
    sort: list[tuple[str, bool]] = field(default_factory=list)  # (parameter, descending)
    count: int | None = None
    total: str | None = None
    summary: str | None = None
    elements: tuple[str, ...] = ()
    used: list[tuple[str, str]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def context(self) -> str:
        """The type whose parameters apply; ``Resource`` when several types are searched."""
        return self.types[0] if len(self.types) == 1 else "Resource"


def read_request(query: Sequence[tuple[str, str]], type_name: str | None) -> Request:
    """Sort the parameters of a query by what they are for. Values of criteria are not read yet."""
    request = Request((type_name,) if type_name else ())
    for name, value in sorted(query, key=lambda pair: pair[0] != "_type"):
        if name in _PRESENTATION:
            continue
        reader = _READERS.get(
            name.partition(":")[0] if name.startswith(("_include", "_revinclude")) else name
        )
        try:
            if reader is None:
                request.criteria.append((name, value))
                continue  # whether it was used is known when it is compiled
            reader(request, name, value)
            request.used.append((name, value))
        except Refused as refusal:
            request.refused.append(refusal)
    return request


def _type(request: Request, name: str, value: str) -> None:
    if request.types:
        if value == request.types[0]:
            return
        raise Refused(name, "_type is for searches over several types")
    types = tuple(dict.fromkeys(value.split(",")))
    for each in types:
        if not is_resource_type(each):
            raise Refused(name, f"_type: {each!r} is no resource type")
    request.types = types


def _count(request: Request, name: str, value: str) -> None:
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise Refused(name, f"_count: {value!r} is no count")
    request.count = int(value)


def _one_of(attribute: str, allowed: tuple[str, ...]) -> Callable[[Request, str, str], None]:
    def read(request: Request, name: str, value: str) -> None:
        if value not in allowed:
            raise Refused(name, f"{name}: {value!r} is none of {', '.join(allowed)}")
        setattr(request, attribute, value)

    return read


def _elements(request: Request, name: str, value: str) -> None:
    # an element that a type does not have is no error: several types may be in the answer
    names = [part.strip() for part in value.split(",")]
    if not all(part.replace(".", "").replace("_", "").isalnum() for part in names):
        raise Refused(name, f"_elements: {value!r} is no list of element names")
    request.elements = (*request.elements, *(part.rpartition(".")[2] for part in names))


def _sort(request: Request, name: str, value: str) -> None:
    for part in value.split(","):
        code = part.removeprefix("-")
        parameter = search_of(request.context).parameters.get(code)
        if parameter is None:
            raise Refused(
                name,
                f"_sort: {request.context} has no search parameter {code!r}",
                code="not-supported",
            )
        if parameter.type in ("composite", "special"):
            raise Refused(
                name, f"_sort: a {parameter.type} parameter has no order", code="not-supported"
            )
        request.sort.append((code, part.startswith("-")))
    if len(request.sort) > _MOST_SORT_KEYS:
        raise Refused(name, f"_sort takes at most {_MOST_SORT_KEYS} keys")


def _contained(_request: Request, name: str, value: str) -> None:
    if value != "false":
        raise Refused(name, "contained resources are not searched", code="not-supported")


def _include(request: Request, name: str, value: str) -> None:
    kind, _, modifier = name.partition(":")
    if modifier not in ("", "iterate", "recurse"):
        raise Refused(name, f"{name}: the only modifier is :iterate")
    parts = value.split(":")
    source = None if parts[0] == "*" else parts[0]
    if len(parts) > 3 or (source is not None and not is_resource_type(source)):
        raise Refused(name, f"{name}: {value!r} is not written Type:parameter[:Type]")
    if len(parts) == 1 and source is not None:
        raise Refused(name, f"{name}: {value!r} lacks the parameter; Type:* is every reference")
    code = parts[1] if len(parts) > 1 and parts[1] != "*" else None
    target = parts[2] if len(parts) == 3 and parts[2] else None
    if target is not None and not is_resource_type(target):
        raise Refused(name, f"{name}: {target!r} is no resource type")
    if code is not None:
        _check_reference(name, source, code)
    request.includes.append(Include(kind == "_revinclude", source, code, target, bool(modifier)))


def _check_reference(name: str, source: str | None, code: str) -> None:
    if source is None:
        return
    parameter = search_of(source).parameters.get(code)
    if parameter is None or parameter.type != "reference":
        raise Refused(
            name, f"{name}: {source} has no reference parameter {code!r}", code="not-supported"
        )


_READERS: dict[str, Callable[[Request, str, str], None]] = {
    "_type": _type,
    "_count": _count,
    "_total": _one_of("total", TOTALS),
    "_summary": _one_of("summary", SUMMARIES),
    "_elements": _elements,
    "_sort": _sort,
    "_contained": _contained,
    "_include": _include,
    "_revinclude": _include,
}
