"""From XML to dataclasses, strictly: all that is wrong is told, nothing is repaired or lost.

Elements must be known, in the order of the schema, there when required, single when single. An
attribute or text where none belongs is a problem too. ``xsi:`` attributes say nothing clinical
and are passed over.
"""

from __future__ import annotations

from collections import deque
from typing import Any, TypeVar

from lxml import etree

from fellesjournal.national.binding import Bound, Form, Part, Schema, bindings, choices
from fellesjournal.national.documents import LONGEST_NAME, Document, local_name
from fellesjournal.national.leaves import attributes, from_text, read_leaf
from fellesjournal.national.refusals import MOST_PROBLEMS, NotValid, Problem

P = TypeVar("P", bound=Part)

_ASIDE = {Form.ATTRIBUTE, Form.OWN_TEXT}


def read_part(document: Document, node: etree._Element, part: type[P], schema: Schema) -> P:
    """``node`` as a ``part``. Raises ``NotValid`` with all problems found (at most 50)."""
    reader = _Reader(document)
    read: P = reader.part(node, part, schema)
    if reader.problems:
        raise NotValid(*reader.problems)
    return read


class _Reader:
    def __init__(self, document: Document) -> None:
        self._document = document
        self.problems: list[Problem] = []

    def part(self, node: etree._Element, part: type[P], schema: Schema) -> P:
        found: dict[str, Any] = {}
        self._aside(node, part, schema, found)
        self._children(node, part, schema, found)
        self._choices(node, part, schema, found)
        if part.versioned:
            found["version"] = schema.version
        return part(**found)

    def _children(
        self, node: etree._Element, part: type[P], schema: Schema, found: dict[str, Any]
    ) -> None:
        bound = [one for one in bindings(part, schema) if one.form not in _ASIDE]
        children = deque(node)
        known = {one.tag for one in bound}
        if part.any_order:
            order = {one.tag: place for place, one in enumerate(bound)}
            children = deque(sorted(children, key=lambda one: order.get(one.tag, 0)))
        for place, one in enumerate(bound):
            # what can't come here is told and passed over, so that the rest is still read
            possible = {other.tag for other in bound[place:]}
            while children and children[0].tag not in possible:
                self._stray(children.popleft(), known)
            here = []
            while children and children[0].tag == one.tag:
                here.append(self._value(children.popleft(), one))
            self._keep(node, one, here, found)
        for child in children:
            self._stray(child, known)

    def _keep(
        self, node: etree._Element, one: Bound, here: list[Any], found: dict[str, Any]
    ) -> None:
        if one.required and not here:
            self._problem(node, f"{one.name} is missing")
        if len(here) > 1 and (one.single or not one.repeated):
            self._problem(node, f"{one.name} stands {len(here)} times")
        if one.repeated:
            found[one.field] = tuple(here)
            return
        found[one.field] = here[0] if here else (False if one.form is Form.FLAG else None)

    def _value(self, node: etree._Element, one: Bound) -> Any:
        if isinstance(one.kind, type) and issubclass(one.kind, Part):
            return self.part(node, one.kind, one.parts)
        try:
            return read_leaf(node, one)
        except ValueError as error:
            self._problem(node, str(error))
            return None

    def _aside(
        self, node: etree._Element, part: type[P], schema: Schema, found: dict[str, Any]
    ) -> None:
        aside = [one for one in bindings(part, schema) if one.form in _ASIDE]
        try:
            attributes(node, {one.tag for one in aside if one.form is Form.ATTRIBUTE})
        except ValueError as error:
            self._problem(node, str(error))
        for one in aside:
            raw = node.get(one.tag) if one.form is Form.ATTRIBUTE else node.text or ""
            if raw is None:
                self._keep(node, one, [], found)
                continue
            try:
                found[one.field] = from_text(raw, one)
            except ValueError as error:
                self._problem(node, f"{one.name} {error}")
        texts = [one.tail for one in node]
        if not any(one.form is Form.OWN_TEXT for one in aside):
            texts.append(node.text)
        if any((text or "").strip() for text in texts):
            self._problem(node, "text where only elements belong")

    def _choices(
        self, node: etree._Element, part: type[P], schema: Schema, found: dict[str, Any]
    ) -> None:
        for message in broken_choices(part, schema, found):
            self._problem(node, message)

    def _stray(self, node: etree._Element, known: set[str]) -> None:
        known_here = node.tag in known
        text = "stands in the wrong place" if known_here else "is no element of this standard here"
        self._problem(node, f"{local_name(node)[:LONGEST_NAME]} {text}")

    def _problem(self, node: etree._Element, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(self._document.problem(node, message))


def broken_choices(part: type[Part], schema: Schema, values: dict[str, Any]) -> list[str]:
    """Which of the part's choices ``values`` (by field) break, in words."""
    names = {one.field: one.name for one in bindings(part, schema)}

    def given(group: tuple[str, ...]) -> int:
        return sum(values.get(field) not in (None, ()) for field in group)

    def words(group: tuple[str, ...]) -> str:
        return ", ".join(names[field] for field in group if field in names)

    return [
        f"exactly one of {words(g)} belongs here" for g in choices(part, schema) if given(g) != 1
    ] + [
        *(f"at most one of {words(g)} belongs here" for g in part.at_most_one if given(g) > 1),
        *(f"at least one of {words(g)} belongs here" for g in part.at_least_one if not given(g)),
    ]
