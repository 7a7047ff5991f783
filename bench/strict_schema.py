"""A strict JSON Schema generated from the definitions: the alternative to our own walker.

It says what JSON Schema can say: known properties, shapes, required ones, expressions of
primitives, codes of required bindings. Not said, because it can't be or costs too much:
invariants, targets of references, contained resources, narratives, days of the month.
"""

from __future__ import annotations

from typing import Any

from fellesjournal.fhir import definitions
from fellesjournal.fhir.primitives import CHECKS
from fellesjournal.fhir.validation.bindings import value_set_of

Schema = dict[str, Any]
_NUMBERS = {
    "integer": (-2147483648, 2147483647),
    "unsignedInt": (0, 2147483647),
    "positiveInt": (1, 2147483647),
}


def strict_schema(resource_type: str) -> Schema:
    """The schema of one resource type, with all data types it can reach."""
    defs: dict[str, Schema] = {}
    _define(resource_type, definitions.element_tree(resource_type), defs)
    return {"$ref": f"#/$defs/{resource_type}", "$defs": defs}


def _define(name: str, element: definitions.Element, defs: dict[str, Schema]) -> Schema:
    if name not in defs:
        schema: Schema = {"type": "object", "additionalProperties": False, "minProperties": 1}
        defs[name] = schema
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for child in element.children.values():
            names: dict[str, definitions.TypeChoice | None] = dict(child.json_names())
            for json_name, choice in (names or {child.name: None}).items():
                one = _value(child, choice, defs)
                properties[json_name] = _shape(child, one)
                if choice is not None and choice.code in CHECKS:
                    companion = _reference("Element", defs)
                    nullable = {"anyOf": [companion, {"type": "null"}]}
                    properties[f"_{json_name}"] = (
                        companion if child.max == 1 else {"type": "array", "items": nullable}
                    )
            if child.min and not child.is_choice:
                required.append(child.name)
        if definitions.is_resource_type(name):
            properties["resourceType"] = {"const": name}
            required.append("resourceType")
        schema["properties"] = properties
        if required:
            schema["required"] = required
    return {"$ref": f"#/$defs/{name}"}


def _reference(type_name: str, defs: dict[str, Schema]) -> Schema:
    return _define(type_name, definitions.element_tree(type_name), defs)


def _shape(child: definitions.Element, one: Schema) -> Schema:
    return one if child.max == 1 else {"type": "array", "minItems": 1, "items": one}


def _value(
    child: definitions.Element, choice: definitions.TypeChoice | None, defs: dict[str, Schema]
) -> Schema:
    if choice is None:
        assert child.content_reference is not None
        root = child.content_reference.partition(".")[0]
        return _define(
            child.content_reference,
            definitions.elements_by_path(root)[child.content_reference],
            defs,
        )
    if choice.code == "Resource":
        return {"type": "object", "required": ["resourceType"]}
    if choice.code in CHECKS:
        return _primitive(child, choice.code)
    if child.children:
        return _define(child.path, child, defs)
    return _reference(choice.code, defs)


def _primitive(child: definitions.Element, code: str) -> Schema:
    if code == "boolean":
        return {"type": "boolean"}
    if code == "decimal":
        return {"type": "number"}
    if code in _NUMBERS:
        least, most = _NUMBERS[code]
        return {"type": "integer", "minimum": least, "maximum": most}
    value_set = value_set_of(child.binding)
    expansion = definitions.standard_terminology().expand(value_set) if value_set else None
    codes = expansion.plain_codes() if expansion else None
    if code == "code" and codes:
        return {"enum": sorted(codes)}
    schema: Schema = {"type": "string", "minLength": 1}
    regex = definitions.primitive_regex(code)
    if regex and code not in ("string", "markdown", "base64Binary", "xhtml"):
        schema["pattern"] = f"^(?:{regex})$"
    return schema
