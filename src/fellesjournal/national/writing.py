"""From dataclasses to XML that follows the schema; what would not follow it is refused.

Every namespace has a prefix, declared at the root: then pieces that are carried along word for
word (attachments, formatted text) mean the same here as where they came from.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from fellesjournal.national.binding import Bound, Form, Part, Schema, absent, bindings
from fellesjournal.national.leaves import element_of, to_text, write_leaf
from fellesjournal.national.reading import broken_choices
from fellesjournal.national.refusals import NotWritable, NotXml, Problem
from fellesjournal.national.values import Foreign

_SLOT = "fellesjournal-slot"


class Writer:
    """Builds one message. ``root`` and ``child`` make elements, ``bytes`` ends it."""

    def __init__(self, *schemas: Schema) -> None:
        """``schemas``: those that occur, so that their prefixes stand at the root."""
        self._prefixes = dict(_prefixes(schemas))
        self._pieces: list[str] = []

    def root(self, name: str, part: Part, schema: Schema) -> etree._Element:
        """The root element, filled from ``part``. Raises ``NotWritable``."""
        node = etree.Element(f"{{{schema.uri}}}{name}", nsmap=self._prefixes)
        self.fill(node, part, schema)
        return node

    def child(self, above: etree._Element, name: str, part: Part, schema: Schema) -> etree._Element:
        """An element inside ``above``, filled from ``part``. Raises ``NotWritable``."""
        node = etree.SubElement(above, f"{{{schema.uri}}}{name}")
        self.fill(node, part, schema)
        return node

    def fill(self, node: etree._Element, part: Part, schema: Schema) -> None:
        """Write the fields of ``part`` into ``node``."""
        for field in absent(type(part), schema):
            if getattr(part, field) not in (None, (), False):
                raise _not_writable(part, f"{field} has no element in {schema.name}")
        values = {one.field: getattr(part, one.field) for one in bindings(type(part), schema)}
        for message in broken_choices(type(part), schema, values):
            raise _not_writable(part, message)
        for one in bindings(type(part), schema):
            self._field(node, part, one)

    def _field(self, node: etree._Element, part: Part, one: Bound) -> None:
        value = getattr(part, one.field)
        if one.required and value in (None, ()):
            raise _not_writable(part, f"{one.field} is missing")
        if one.single and len(value) > 1:
            raise _not_writable(part, f"{one.field} may stand once only")
        for each in value if one.repeated else [value]:
            if each is None or (one.form is Form.FLAG and each is False):
                continue
            try:
                self._value(node, one, each)
            except (ValueError, NotXml) as error:
                raise _not_writable(part, f"{one.field}: {error}") from error

    def _value(self, node: etree._Element, one: Bound, value: Any) -> None:
        if one.form is Form.ATTRIBUTE:
            node.set(one.tag, to_text(value, one))
        elif one.form is Form.OWN_TEXT:
            node.text = to_text(value, one)
        elif isinstance(value, Foreign):
            self._carry(node, element_of(value))
        elif not isinstance(value, one.kind):
            raise ValueError(f"a {type(value).__name__} where a {one.kind.__name__} belongs")
        elif isinstance(value, Part):
            self.fill(etree.SubElement(node, one.tag), value, one.parts)
        else:
            inside = etree.SubElement(node, one.tag)
            if (piece := write_leaf(inside, one, value)) is not None:
                self._carry(inside, piece)

    def _carry(self, node: etree._Element, piece: str) -> None:
        node.append(etree.ProcessingInstruction(_SLOT, str(len(self._pieces))))
        self._pieces.append(piece)

    def bytes(self, root: etree._Element) -> bytes:
        """The finished message: UTF-8 with an XML declaration."""
        text = etree.tostring(root, encoding="unicode")
        # Text of a message can't look like a slot: its "<" is written as "&lt;".
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + self._filled(text).encode()

    def _filled(self, text: str) -> str:
        first, *rest = text.split(f"<?{_SLOT} ")
        done = [first]
        for one in rest:
            slot, after = one.split("?>", 1)
            done += [self._pieces[int(slot)], after]
        return "".join(done)


def _prefixes(schemas: tuple[Schema, ...]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    queue = list(schemas)
    while queue:
        one = queue.pop(0)
        if one.prefix and one.prefix not in found:
            found[one.prefix] = one.uri
            queue.extend(one.imports.values())
    return list(found.items())


def _not_writable(part: Part, message: str) -> NotWritable:
    return NotWritable(Problem(message, path=type(part).__name__))
