"""Random requests for ``bench/fuzz.py``: resources, queries, patches and Bundles, then broken.

Each is made from one ``random.Random``, so that a seed and a number name a request.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from bench.fuzz_values import (
    FITTING,
    GENERAL,
    HEADERS,
    HOSTILE,
    METHODS,
    MODIFIERS,
    RAW,
    TYPES,
    VALUES,
)
from fellesjournal.fhir.definitions import COMPARTMENTS, RESOURCE_TYPES
from fellesjournal.fhir.definitions.search import search_of
from tests.resources import random_resource

# Any: JSON of every shape is the point.
Json = Any


@dataclass
class Sent:
    """One request; ``headers`` as the test client takes them."""

    method: str
    address: str
    body: bytes | None = None
    content_type: str = "application/fhir+json"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Maker:
    """Makes requests; ``ids`` are resources known to exist, by type."""

    chance: random.Random
    ids: dict[str, list[str]] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)

    def request(self) -> Sent:
        """The next request."""
        makers: tuple[tuple[int, Callable[[], Sent]], ...] = (
            (4, self.written),
            (4, self.searched),
            (2, self.patched),
            (2, self.bundled),
            (2, self.anything),
            (1, self.paged),
        )
        (make,) = self.chance.choices(
            [each for _, each in makers], [weight for weight, _ in makers]
        )
        sent = make()
        if self.chance.random() < 0.15:
            for name in self.chance.sample(sorted(HEADERS), self.chance.randrange(1, 3)):
                sent.headers[name] = self.chance.choice(HEADERS[name])
        return sent

    def type_name(self) -> str:
        """A resource type; often one of the few that matter most."""
        common = ("Patient", "Observation", "Encounter", "Condition", "Bundle", "ValueSet", "List")
        return self.chance.choice(common if self.chance.random() < 0.5 else RESOURCE_TYPES)

    def identity(self, type_name: str) -> str:
        """An id that may exist."""
        known = self.ids.get(type_name)
        if known and self.chance.random() < 0.7:
            return self.chance.choice(known)
        return self.chance.choice(
            (
                "f1",
                "f2",
                "f3",
                "r1",
                "none",
                "x" * 64,
                "x" * 65,
                "a b",
                "ø",
                "..",
                "%00",
                "$x",
                "_x",
            )
        )

    def resource(self, type_name: str) -> Json:
        """A random resource, sometimes broken somewhere."""
        made = random_resource(type_name, self.chance, self.chance.choice((0.1, 0.3, 0.6)))
        while self.chance.random() < 0.4:
            made = self.broken(made)
        return made

    def broken(self, value: Json) -> Json:
        """The value with one hostile change at a random place."""
        if isinstance(value, dict) and value and self.chance.random() < 0.85:
            key = self.chance.choice(list(value))
            choice = self.chance.random()
            changed = dict(value)
            if choice < 0.6:
                changed[key] = self.broken(value[key])
            elif choice < 0.7:
                del changed[key]
            elif choice < 0.8:
                changed["_" + key] = self.chance.choice(HOSTILE)
            elif choice < 0.9:
                changed[key] = [value[key]]
            else:
                changed[str(self.chance.choice(HOSTILE))] = value[key]
            return changed
        if isinstance(value, list) and value and self.chance.random() < 0.85:
            index = self.chance.randrange(len(value))
            choice = self.chance.random()
            if choice < 0.7:
                return [*value[:index], self.broken(value[index]), *value[index + 1 :]]
            return (
                value * 2
                if choice < 0.8
                else value[:index]
                if choice < 0.9
                else [*value, self.chance.choice(HOSTILE)]
            )
        return self.chance.choice(HOSTILE)

    def raw(self, value: Json) -> bytes:
        """JSON bytes, sometimes no longer JSON."""
        try:
            body = orjson.dumps(value)
        except (TypeError, orjson.JSONEncodeError):
            body = repr(value).encode("utf-8", "replace")
        choice = self.chance.random()
        if choice < 0.85 or not body:
            return body
        at = self.chance.randrange(len(body))
        if choice < 0.9:
            return body[:at] + bytes([self.chance.randrange(256)]) + body[at + 1 :]
        if choice < 0.93:
            return body[:at]
        colon = body.find(b":", at)
        if colon < 0:
            return body + self.chance.choice(RAW)
        end = min(
            (e for e in (body.find(b",", colon), body.find(b"}", colon)) if e > 0),
            default=len(body),
        )
        return body[: colon + 1] + self.chance.choice(RAW) + body[end:]

    def written(self) -> Sent:
        """A create or an update."""
        type_name = self.type_name()
        made = self.resource(type_name)
        if self.chance.random() < 0.5:
            return Sent(
                "POST",
                self.chance.choice((type_name, type_name, f"{type_name}/$validate")),
                self.raw(made),
            )
        identity = self.identity(type_name)
        if isinstance(made, dict):
            made["id"] = identity
        return Sent("PUT", f"{type_name}/{quote(identity, safe='$_')}", self.raw(made))

    def pair(self, type_name: str) -> tuple[str, str]:
        """A search parameter with a value."""
        if self.chance.random() < 0.3:
            name = self.chance.choice(GENERAL)
        elif self.chance.random() < 0.6:
            return self.fitting_pair(type_name)
        else:
            name = self.chance.choice(sorted(search_of(type_name).parameters))
            name += self.chance.choice(MODIFIERS)
        value = self.chance.choice(VALUES)
        if self.chance.random() < 0.1:
            value += "," + self.chance.choice(VALUES)
        return name, value

    def fitting_pair(self, type_name: str) -> tuple[str, str]:
        """A parameter with a modifier and a value that it takes."""
        parameter = self.chance.choice([*search_of(type_name).parameters.values()])
        kind = parameter.type
        if kind == "reference" and parameter.targets and self.chance.random() < 0.4:
            target = self.chance.choice(parameter.targets)
            name, value = self.fitting_pair(target)
            return f"{parameter.code}:{target}.{name}"[:300], value
        if self.chance.random() < 0.1:
            return f"{parameter.code}:missing", self.chance.choice(("true", "false"))
        if kind == "composite":
            parts = [
                self.chance.choice(FITTING.get(each.type, ("a",)))[1]
                for each in parameter.components
            ]
            return parameter.code, "$".join(parts)
        modifier, value = self.chance.choice(FITTING.get(kind, (("", "1|2|3|km"),)))
        return parameter.code + modifier, value

    def query(self, type_name: str) -> str:
        """A query string, sometimes badly encoded."""
        pairs = [self.pair(type_name) for _ in range(self.chance.choice((1, 1, 1, 2, 3, 6)))]
        text = urlencode(pairs)
        if self.chance.random() < 0.1:
            at = self.chance.randrange(len(text) + 1)
            text = (
                text[:at]
                + self.chance.choice(("%", "%zz", "%ff", "&", "=", "+", "\xff", "%00"))
                + text[at:]
            )
        return text

    def searched(self) -> Sent:
        """A search of any kind, or a history."""
        type_name = self.type_name()
        query = self.query(type_name)
        owner = self.chance.choice(COMPARTMENTS)
        address = self.chance.choice(
            (
                type_name,
                type_name,
                type_name,
                "",
                f"{owner}/{quote(self.identity(owner))}/{type_name}",
                f"{owner}/{quote(self.identity(owner))}/*",
                f"{type_name}/_history",
                "_history",
                f"{type_name}/{quote(self.identity(type_name))}/_history",
                f"Patient/{quote(self.identity('Patient'))}/$everything",
                f"{type_name}/{quote(self.identity(type_name))}",
            )
        )
        if self.chance.random() < 0.1:
            form = query.encode("latin-1", "replace")
            return Sent("POST", f"{type_name}/_search", form, "application/x-www-form-urlencoded")
        return Sent("GET", f"{address}?{query}")

    def patched(self) -> Sent:
        """A patch of one of the three kinds, or a change of meta."""
        type_name = self.type_name()
        address = f"{type_name}/{quote(self.identity(type_name))}"
        if self.chance.random() < 0.2:
            address = f"{type_name}?{self.query(type_name)}"
        choice = self.chance.random()
        if choice < 0.45:
            return Sent(
                "PATCH",
                address,
                self.raw([self.json_operation() for _ in range(3)]),
                "application/json-patch+json",
            )
        if choice < 0.8:
            parameters = {
                "resourceType": "Parameters",
                "parameter": [self.path_operation(type_name) for _ in range(2)],
            }
            return Sent(
                "PATCH",
                address,
                self.raw(parameters if self.chance.random() < 0.8 else self.broken(parameters)),
            )
        if choice < 0.9:
            return Sent(
                "PATCH",
                address,
                self.raw(self.broken(self.resource(type_name))),
                "application/merge-patch+json",
            )
        meta = {
            "resourceType": "Parameters",
            "parameter": [
                {
                    "name": "meta",
                    "valueMeta": self.broken(
                        {"tag": [{"system": "a", "code": "b"}], "profile": ["urn:a"]}
                    ),
                }
            ],
        }
        return Sent(
            "POST",
            f"{address}/{self.chance.choice(('$meta-add', '$meta-delete', '$meta'))}",
            self.raw(meta),
        )

    def json_operation(self) -> Json:
        """One operation of RFC 6902."""
        pointers = (
            "",
            "/",
            "/name",
            "/name/0",
            "/name/-",
            "/name/0/given/0",
            "/status",
            "/code/coding/0/code",
            "/id",
            "/meta/versionId",
            "/meta",
            "/x",
            "/~2",
            "/name/99",
            "/subject/reference",
        )
        made = {
            "op": self.chance.choice(("add", "remove", "replace", "move", "copy", "test")),
            "path": self.chance.choice(pointers),
            "from": self.chance.choice(pointers),
            "value": self.chance.choice(HOSTILE),
        }
        return made if self.chance.random() < 0.8 else self.broken(made)

    def path_operation(self, type_name: str) -> Json:
        """One operation of a FHIRPath Patch."""
        paths = (
            type_name,
            f"{type_name}.name",
            f"{type_name}.name[0]",
            f"{type_name}.code",
            f"{type_name}.status",
            f"{type_name}.identifier",
            f"{type_name}.where(true)",
            f"{type_name}.name.where(use='x')",
            f"{type_name}.extension('a')",
            "name",
            "Nonsense",
            "(",
            "a.b.c",
            f"{type_name}.value",
            f"{type_name}.name.where($this.)",
            f"{type_name}.id",
            f"{type_name}.meta",
            f"{type_name}.text.div",
            f"{type_name}.name.where(1/0 = 1)",
        )
        parts = [
            {
                "name": "type",
                "valueCode": self.chance.choice(
                    ("add", "insert", "delete", "replace", "move", "x")
                ),
            },
            {"name": "path", "valueString": self.chance.choice(paths)},
            {
                "name": "name",
                "valueString": self.chance.choice(
                    ("name", "code", "status", "value", "extension", "x", "id", "meta", "")
                ),
            },
            {"name": "index", "valueInteger": self.chance.choice((0, 1, 99, -1, 2**40))},
            {"name": "source", "valueInteger": self.chance.choice((0, 1, 5))},
            {"name": "destination", "valueInteger": self.chance.choice((0, 1, 5))},
            {
                "name": "value",
                self.chance.choice(
                    ("valueString", "valueCode", "valueQuantity", "valueX", "resource", "part")
                ): self.chance.choice(HOSTILE),
            },
        ]
        made = {
            "name": "operation",
            "part": [part for part in parts if self.chance.random() < 0.93],
        }
        return made if self.chance.random() < 0.8 else self.broken(made)

    def bundled(self) -> Sent:
        """A batch or transaction."""
        kind = self.chance.choice(("batch", "transaction"))
        entries = [self.entry(number) for number in range(self.chance.choice((0, 1, 2, 5)))]
        made: Json = {"resourceType": "Bundle", "type": kind, "entry": entries}
        if self.chance.random() < 0.2:
            made = self.broken(made)
        return Sent("POST", "", self.raw(made))

    def entry(self, number: int) -> Json:
        """One entry, referring to its neighbours."""
        inner = self.chance.choice(
            (self.written, self.written, self.searched, self.patched, self.anything)
        )()
        request: Json = {"method": inner.method, "url": inner.address.removeprefix("/fhir/")}
        made: Json = {
            "request": request,
            "fullUrl": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        }
        if self.chance.random() < 0.2:
            request[
                self.chance.choice(("ifMatch", "ifNoneMatch", "ifNoneExist", "ifModifiedSince"))
            ] = self.chance.choice(('W/"1"', "*", "identifier=a", "", "name=x&name=y", 5, "_id=f1"))
        if inner.method in {"POST", "PUT", "PATCH"}:
            resource = self.entry_resource(inner)
            if isinstance(resource, dict) and inner.method == "PUT":
                resource["id"] = inner.address.partition("/")[2]
            if isinstance(resource, dict) and self.chance.random() < 0.3:
                resource["subject"] = {
                    "reference": f"urn:uuid:00000000-0000-4000-8000-{self.chance.randrange(5):012d}"
                }
            made["resource"] = resource
        return made

    def entry_resource(self, inner: Sent) -> Json:
        """What goes with a write in a Bundle."""
        type_name = inner.address.partition("/")[0].partition("?")[0]
        if type_name not in RESOURCE_TYPES:
            return self.chance.choice(HOSTILE)
        return self.resource(self.type_name() if inner.method == "PATCH" else type_name)

    def paged(self) -> Sent:
        """A link to a page, as it was given or changed."""
        if not self.pages:
            return Sent("GET", "?_page=" + "A" * self.chance.randrange(100))
        link = self.chance.choice(self.pages)
        if self.chance.random() < 0.3:
            at = self.chance.randrange(len(link))
            link = link[:at] + self.chance.choice("Ab0-_%=&") + link[at + 1 :]
        return Sent("GET", link)

    def anything(self) -> Sent:
        """Any verb at any address."""
        words = (
            "Patient",
            "Observation",
            "f1",
            "_history",
            "1",
            "_search",
            "metadata",
            "$validate",
            "$everything",
            "$meta",
            "*",
            "",
            "..",
            "ø",
            "%2F",
            "%00",
            "x" * 200,
            "Nonsense",
        )
        address = "/".join(self.chance.choice(words) for _ in range(self.chance.randrange(6)))
        if self.chance.random() < 0.3:
            address += "?" + self.query("Patient")
        body = None if self.chance.random() < 0.5 else self.raw(self.chance.choice(HOSTILE))
        return Sent(self.chance.choice(METHODS), address, body, self.chance.choice(TYPES))
