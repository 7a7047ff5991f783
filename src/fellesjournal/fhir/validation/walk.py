"""One validation under way: where it is, what it found, what it must look at in the end."""

from __future__ import annotations

from typing import Any, Final

from fellesjournal.fhir.issues import Issue
from fellesjournal.fhir.validation.expressions.values import Item

Path = tuple["Path | None", str, int | None]
"""Where a value is: (path of its object, JSON name, index in an array), as text only in issues."""

MAX_ISSUES: Final = 1000
_SHOWN: Final = 80


class Walk:
    """Collects issues.

    ``resource`` and ``root`` are the innermost and the outermost resource of the place the
    walk is at: a contained one and its container, else the same.
    """

    __slots__ = (
        "issues",
        "local_references",
        "nested",
        "omitted",
        "resource",
        "root",
        "wants_warnings",
    )

    def __init__(self, *, nested: bool, wants_warnings: bool) -> None:
        self.wants_warnings = wants_warnings
        self.issues: list[Issue] = []
        self.omitted = 0
        self.nested = nested
        self.resource = Item(None, "Resource")
        self.root = self.resource
        self.local_references: list[tuple[str, frozenset[str] | None, Path]] = []

    def add(
        self, code: str, diagnostics: str, path: Path, name: str = "", index: int | None = None
    ) -> None:
        """An error at ``path``, or at a member of it."""
        if len(self.issues) >= MAX_ISSUES:
            self.omitted += 1
            return
        location = render((path, name, index) if name else path)
        self.issues.append(Issue(code, diagnostics, (location,)))

    def warn(self, code: str, diagnostics: str, path: Path, name: str = "") -> None:
        """A warning at ``path``, or at a member of it; dropped where nobody asked for any."""
        if self.wants_warnings and len(self.issues) < MAX_ISSUES:
            location = render((path, name, None) if name else path)
            self.issues.append(Issue(code, diagnostics, (location,), severity="warning"))


def render(path: Path | None) -> str:
    """FHIRPath text: ``Observation.component[1].valueQuantity.value``."""
    steps: list[str] = []
    while path is not None:
        path, name, index = path
        steps.append(name if index is None else f"{name}[{index}]")
    return ".".join(reversed(steps))


def shown(value: Any) -> str:
    """A value as it may stand in a message: short, on one line."""
    text = value if isinstance(value, str) else repr(value)
    if len(text) > _SHOWN:
        text = f"{text[:_SHOWN]}…"
    if not text.isprintable():
        # Lone surrogates can't be written as UTF-8; control characters spoil logs.
        text = text.encode("ascii", "backslashreplace").decode()
        text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return f"'{text}'"


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    return "null" if value is None else "a number"
