"""How a dataclass says which XML element it is: fields in the order of the schema.

    class Ident(Part):
        id: str = element("Id")                  # one element, always
        type: Coded = element("TypeId")
        note: str | None = optional("Note")      # one or none
        names: tuple[str, ...] = many("Name")    # any number

The type of the field says how the element is read (see ``reading``); ``only`` names the schemas
that have the element at all. One class serves several versions of a schema that way.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType, UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Form(Enum):
    """How a value stands in its element, where its Python type leaves a choice."""

    TEXT = "the element's text"
    TS = "attribute V: any of the five shapes of kith:TS"
    DATE_TIME = "text: xsd:dateTime"
    DATE = "text: xsd:date"
    YEAR = "text: xsd:gYear"
    BOOLEAN = "text: xsd:boolean"
    URL = "attribute V: an address"
    INTEGER = "text: digits"
    DECIMAL = "text: a number without exponent, xsd:decimal"
    OID = "text: digits and dots"
    ADDRESS = "text: xsd:anyURI"
    ATTRIBUTE = "an attribute of the enclosing element"
    OWN_TEXT = "the enclosing element's text"
    FLAG = "true where the empty element stands"
    PLAIN = "text without formatting, where other schemas allow it"
    CS = "a code that names no list, where other schemas have CV"


@dataclass(frozen=True, eq=False)
class Schema:
    """A namespace with its version, and what its elements borrow from others by alias."""

    name: str
    uri: str
    version: str = ""
    prefix: str = ""
    imports: Mapping[str, Schema] = dataclasses.field(default_factory=dict)

    def other(self, alias: str | None) -> Schema:
        """The schema that ``alias`` stands for here; itself for None or where none is named."""
        return self if alias is None else self.imports.get(alias, self)


class Part:
    """What is written as an XML element with elements inside."""

    # Schemas that put the same elements in another order: names of fields, by schema.
    orders: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # True: a field ``version`` tells which version of the schema was read or is to be written.
    versioned: ClassVar[bool] = False
    # True: the elements may stand in any order.
    any_order: ClassVar[bool] = False
    # Groups of fields of which exactly one, or at most one, is given.
    exactly_one: ClassVar[tuple[tuple[str, ...], ...]] = ()
    # As ``exactly_one``, one group, in the schemas named only.
    exactly_one_in: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    at_most_one: ClassVar[tuple[tuple[str, ...], ...]] = ()
    at_least_one: ClassVar[tuple[tuple[str, ...], ...]] = ()


@dataclass(frozen=True)
class _Element:
    """What a field is in all schemas, and how some of them differ (by name of schema)."""

    name: str
    home: str | None
    parts: str | None
    form: Form
    only: tuple[str, ...]
    filled: bool = False
    one_of: tuple[str, ...] = ()
    required: bool = False
    repeated: bool = False
    needed: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    forms: Mapping[str, Form] = dataclasses.field(default_factory=dict)
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Bound:
    """A field as it stands in one schema."""

    field: str
    kind: Any  # the Python type of one value; types are values here
    required: bool  # there must be one; at least one, where repeated
    repeated: bool
    single: bool  # repeated in other schemas, but not in this one
    name: str
    home: Schema
    parts: Schema
    form: Form
    filled: bool  # empty text is refused
    one_of: tuple[str, ...] = ()  # other texts are refused

    @property
    def tag(self) -> str:
        """The name as lxml spells it."""
        return f"{{{self.home.uri}}}{self.name}" if self.home.uri else self.name


def element(
    name: str,
    *,
    form: Form = Form.TEXT,
    home: str | None = None,
    parts: str | None = None,
    only: tuple[str, ...] = (),
    filled: bool = False,
    one_of: tuple[str, ...] = (),
    default: Any = dataclasses.MISSING,
    forms: Mapping[str, Form] = _NOTHING,
) -> Any:
    """A field that is always there; ``default`` is for those who build one, not for reading.

    ``home`` is the alias of the schema the element belongs to, ``parts`` of the one its own
    children belong to; ``only`` the schemas that have it; ``forms`` the form in some of them;
    ``filled``: empty text is refused; ``one_of``: any other is.
    """
    meta = _Element(name, home, parts, form, only, filled, one_of, required=True, forms=forms)
    return dataclasses.field(default=default, metadata={"xml": meta})


def optional(
    name: str,
    *,
    form: Form = Form.TEXT,
    home: str | None = None,
    parts: str | None = None,
    only: tuple[str, ...] = (),
    filled: bool = False,
    one_of: tuple[str, ...] = (),
    needed: tuple[str, ...] = (),
    forms: Mapping[str, Form] = _NOTHING,
    names: Mapping[str, str] = _NOTHING,
) -> Any:
    """A field that may be missing (None), but in the schemas ``needed``."""
    meta = _Element(
        name, home, parts, form, only, filled, one_of, needed=needed, forms=forms, names=names
    )
    return dataclasses.field(default=None, metadata={"xml": meta})


def flag(name: str) -> Any:
    """A field that is true where the empty element stands."""
    meta = _Element(name, None, None, Form.FLAG, ())
    return dataclasses.field(default=False, metadata={"xml": meta})


def many(
    name: str,
    *,
    form: Form = Form.TEXT,
    home: str | None = None,
    parts: str | None = None,
    only: tuple[str, ...] = (),
    needed: tuple[str, ...] | bool = (),
    single_in: tuple[str, ...] = (),
) -> Any:
    """A field with any number of values, in order.

    ``needed``: schemas that want at least one (True: all do); ``single_in``: at most one.
    """
    places = () if isinstance(needed, bool) else needed
    meta = _Element(
        name,
        home,
        parts,
        form,
        only,
        required=needed is True,
        repeated=True,
        needed=places,
        single=single_in,
    )
    return dataclasses.field(default=(), metadata={"xml": meta})


_known: dict[tuple[type[Part], Schema], tuple[Bound, ...]] = {}


def bindings(part: type[Part], schema: Schema) -> tuple[Bound, ...]:
    """The fields of ``part`` that ``schema`` has, in its order."""
    if (part, schema) not in _known:
        found = {one.field: one for one in _bind(part, schema)}
        order = part.orders.get(schema.name, tuple(found))
        _known[part, schema] = tuple(found[name] for name in order)
    return _known[part, schema]


def choices(part: type[Part], schema: Schema) -> tuple[tuple[str, ...], ...]:
    """The groups of which ``schema`` wants exactly one field."""
    more = part.exactly_one_in.get(schema.name)
    return (*part.exactly_one, more) if more else part.exactly_one


def absent(part: type[Part], schema: Schema) -> tuple[str, ...]:
    """Names of the fields that ``schema`` has no element for."""
    here = {one.field for one in bindings(part, schema)}
    return tuple(f.name for f in _fields(part) if "xml" in f.metadata and f.name not in here)


def _bind(part: type[Part], schema: Schema) -> Iterator[Bound]:
    hints = get_type_hints(part)
    for field in _fields(part):
        meta: _Element | None = field.metadata.get("xml")
        if meta is None or (meta.only and schema.name not in meta.only):
            continue
        home = schema.other(meta.home)
        yield Bound(
            field=field.name,
            kind=_kind(hints[field.name]),
            required=meta.required or schema.name in meta.needed,
            repeated=meta.repeated,
            single=schema.name in meta.single,
            name=meta.names.get(schema.name, meta.name),
            home=home,
            parts=home.other(meta.parts),
            form=meta.forms.get(schema.name, meta.form),
            filled=meta.filled,
            one_of=meta.one_of,
        )


def _fields(part: type[Part]) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(part)  # type: ignore[arg-type]  # parts are dataclasses


def _kind(hint: Any) -> Any:
    if get_origin(hint) is tuple:
        return get_args(hint)[0]
    if get_origin(hint) in {UnionType, Union}:
        return next(one for one in get_args(hint) if one is not type(None))
    return hint
