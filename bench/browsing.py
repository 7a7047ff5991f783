"""A browser without a screen: pages, their links and forms, cookies, one connection that is kept.

It fills in a form as the page offers it, hidden fields included, so that what is sent is what a
person's browser would send. It knows no address of the platform and nothing of health.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html
from lxml.etree import _Element

_REDIRECTS = frozenset({301, 302, 303})
_MOST_REDIRECTS = 12
_PATIENCE_SECONDS = 60
Pairs = Sequence[tuple[str, str]]


class Lost(OSError):
    """No answer came: nobody knows whether it was done."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One request, as it may be sent again: what a browser keeps of a form that was posted."""

    method: str
    path: str
    body: bytes = b""
    referer: str = ""


@dataclass(frozen=True, slots=True)
class Took:
    """One request of many for a page: its address, what it was answered, and how long it took."""

    method: str
    path: str
    status: int
    milliseconds: float


@dataclass(frozen=True)
class Form:
    """A form of a page: where it goes, and what it holds before anybody types."""

    page: Page
    action: str
    method: str
    fields: Pairs
    buttons: Pairs
    choices: dict[str, list[str]]
    around: str

    def filled(self, do: tuple[str, str] | None, said: dict[str, str | list[str]]) -> Sent:
        """What is sent when ``said`` is typed and the button ``do`` (its name and value) pressed."""
        kept = [(name, value) for name, value in self.fields if name not in said]
        for name, values in said.items():
            kept += [(name, each) for each in ([values] if isinstance(values, str) else values)]
        if do is not None:
            kept.append(do)
        words = urlencode(kept)
        if self.method == "get":
            return Sent("GET", f"{self.action.partition('?')[0]}?{words}")
        return Sent("POST", self.action, words.encode(), self.page.path)


@dataclass(frozen=True)
class Page:
    """What a browser shows: the last answer after redirects."""

    status: int
    path: str
    content: bytes
    asked: Sent
    was_redirected: bool = False

    @cached_property
    def tree(self) -> _Element:
        """The document."""
        return html.fromstring(self.content or b"<html></html>")

    @cached_property
    def text(self) -> str:
        """All the words of the page."""
        return words_of(self.tree)

    @property
    def is_done(self) -> bool:
        """Whether a form was carried out: it leads to another page, and that one is there."""
        return self.status == 200 and self.was_redirected

    def links(self, part: str) -> list[str]:
        """The addresses on the page with this in them, in their order, each once."""
        found = [str(each.get("href")) for each in self.tree.iter("a") if each.get("href")]
        there = [urljoin(self.path, each).partition("#")[0] for each in found]
        return list(dict.fromkeys(each for each in there if part in each))

    @cached_property
    def forms(self) -> list[Form]:
        """Its forms, without those that only close a dialog."""
        found = [_form(self, each) for each in self.tree.iter("form")]
        return [each for each in found if each.method != "dialog"]

    def form(self, part: str = "", *, having: str = "") -> Form:
        """The first form whose address has ``part`` in it, with a field or button ``having``
        (its name, or ``name=value``). Raises LookupError.
        """
        for each in self.forms:
            names = {name for name, _ in (*each.fields, *each.buttons)} | set(each.choices)
            pairs = {f"{name}={value}" for name, value in (*each.fields, *each.buttons)}
            if part in each.action and (not having or having in names | pairs):
                return each
        raise LookupError(f"no form {part!r} with {having!r} on {self.path} ({self.status})")


class Browser:
    """One person's browser. ``note`` hears of each request; asking raises :class:`Lost`."""

    def __init__(self, port: int, note: Callable[[Took], None] = lambda _took: None) -> None:
        self.port, self.note = port, note
        self.cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)

    def open(self, path: str) -> Page:
        """Go to an address."""
        return self.send(Sent("GET", path))

    def press(self, form: Form, do: tuple[str, str] | None = None, **said: str | list[str]) -> Page:
        """Fill a form in, and press a button of it."""
        return self.send(form.filled(do, said))

    def send(self, sent: Sent) -> Page:
        """Send a request, perhaps once more, and follow where the answer leads."""
        status, headers, content = self.exchange(sent)
        path = sent.path
        for turn in range(_MOST_REDIRECTS):
            if status not in _REDIRECTS:
                return Page(status, path, content, sent, turn > 0)
            path = self._here(urljoin(path, headers["Location"]))
            status, headers, content = self.exchange(Sent("GET", path))
        raise Lost(f"no end of redirects at {path}")

    def exchange(self, sent: Sent) -> tuple[int, http.client.HTTPMessage, bytes]:
        """One request and its answer. Raises Lost when there is none."""
        started = time.perf_counter()
        try:
            self._connection.request(sent.method, sent.path, sent.body or None, self.headers(sent))
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.hang_up()
            raise Lost(f"{sent.method} {sent.path}: {error!r}") from error
        for each in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = each.partition(";")[0].partition("=")
            self.cookies[name] = value
        took = (time.perf_counter() - started) * 1000
        self.note(Took(sent.method, sent.path, answer.status, took))
        return answer.status, answer.headers, content

    def headers(self, sent: Sent) -> dict[str, str]:
        """What goes with a request."""
        found = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept": "text/html",
            "Accept-Language": "en",
        }
        if sent.method == "POST":
            origin = f"http://127.0.0.1:{self.port}"
            found["Content-Type"] = "application/x-www-form-urlencoded"
            found |= {"Origin": origin, "Referer": urljoin(origin, sent.referer)}
        return found

    def hang_up(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()

    def _here(self, address: str) -> str:
        parts = urlsplit(address)
        return parts.path + (f"?{parts.query}" if parts.query else "")


def _form(page: Page, element: _Element) -> Form:
    fields: list[tuple[str, str]] = []
    buttons: list[tuple[str, str]] = []
    choices: dict[str, list[str]] = {}
    for each, name in _named(element):
        value = each.get("value") or ""
        kind = (each.get("type") or "").lower()
        if each.tag == "button" or kind == "submit":
            buttons.append((name, value))
        elif each.tag == "textarea":
            fields.append((name, (each.text or "").removeprefix("\n")))
        elif each.tag == "select":
            options = [(str(o.get("value") or ""), o.get("selected")) for o in each.iter("option")]
            choices[name] = [one for one, _ in options if one]
            chosen = [one for one, is_chosen in options if is_chosen is not None]
            fields += [(name, one) for one in chosen or [one for one, _ in options[:1]]]
        elif kind in {"radio", "checkbox"}:
            choices.setdefault(name, []).append(value or "on")
            if each.get("checked") is not None:
                fields.append((name, value or "on"))
        else:
            fields.append((name, value))
    action = urljoin(page.path, str(element.get("action") or page.path))
    return Form(
        page,
        action,
        (element.get("method") or "get").lower(),
        fields,
        buttons,
        choices,
        _around(element),
    )


def words_of(element: _Element) -> str:
    """All the words in an element."""
    return " ".join(map(str, element.itertext()))


def _around(form: _Element) -> str:
    """The words of what the form stands in: a line of a list, a part of the page."""
    parent = form.getparent()
    return words_of(form if parent is None else parent)


def _named(form: _Element) -> Iterator[tuple[_Element, str]]:
    """The fields of a form, and those elsewhere on the page that say they are its own."""
    for each in form.iter("input", "textarea", "select", "button"):
        if each.get("name") and each.get("form") is None and not _is_asleep(each):
            yield each, str(each.get("name"))
    if form.get("id"):
        for each in form.getroottree().getroot().iter("input", "textarea", "select", "button"):
            if each.get("name") and each.get("form") == form.get("id"):
                yield each, str(each.get("name"))


def _is_asleep(element: _Element) -> bool:
    """Whether it stands in a template, of which a browser sends nothing, or can't be used."""
    return element.get("disabled") is not None or any(
        each.tag == "template" for each in element.iterancestors()
    )


__all__ = ["Browser", "Form", "Lost", "Page", "Sent", "Took", "words_of"]
