"""The forms of a page, as a browser would send them with nothing typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_NOT_SENT = {"button", "image", "file", "reset"}


@dataclass
class Form:
    """``values`` hold what stands in the fields; of several buttons, the first one is pressed."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)


def forms_of(html: str, address: str) -> list[Form]:
    """All forms of a page in their order; ``address`` is where a form without an action goes."""
    reader = _Reader(address)
    reader.feed(html)
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._address = address
        self._open: Form | None = None
        self._select = self._area = ""
        self._pressed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = given.get("action") or self._address
            self._open = Form(action, given.get("method", "get").lower())
            self._pressed = False
            self.found.append(self._open)
        elif self._open is None or "disabled" in given:
            return
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "textarea":
            self._area = given.get("name", "")
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in self._open.values:
                self._open.values[self._select] = [given.get("value", "")]
        elif tag in {"input", "button"}:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._open is not None
        name = given.get("name", "")
        kind = given.get("type", "submit" if tag == "button" else "text")
        if kind == "submit":
            name, self._pressed = ("" if self._pressed else name), True
        if not name or kind in _NOT_SENT:
            return
        if kind in {"radio", "checkbox"} and "checked" not in given:
            return
        self._open.values.setdefault(name, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._area:
            self._open.values.setdefault(self._area, []).append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


__all__ = ["Form", "forms_of"]
