"""The translations are complete and compile without the gettext programs."""

from __future__ import annotations

import ast
import gettext
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from fellesjournal.foundation.languages.catalogues import LOCALE, compile_catalogues

_PACKAGE = LOCALE.parent
_KEYWORDS: dict[str, object] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip

Text = tuple[str | None, str]  # context, text


def _texts_in_code() -> Iterator[Text]:
    for source in _PACKAGE.rglob("*.py"):
        yield from _extracted(source.read_bytes())
    for source in _PACKAGE.rglob("templates/**/*.html"):
        code = templatize(source.read_text(encoding="utf-8"), origin=str(source))
        # what stands for the text of a template is no Python: its indents would be errors
        yield from _extracted(re.sub(r"(?m)^[ \t]+", "", code).encode())


def _extracted(code: bytes) -> Iterator[Text]:
    for _, found, _, context in extract("python", io.BytesIO(code), keywords=_KEYWORDS):  # type: ignore[arg-type]  # stricter than its documentation
        text = found[0] if isinstance(found, tuple) else found
        if text:
            yield context, text


def _translated(language: str) -> dict[Text, tuple[str, ...]]:
    """Context and text -> its translations: one, or singular and plural; none when missing."""
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    found: dict[Text, tuple[str, ...]] = {}
    for message in catalogue:
        text = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else message.string or ()
        if text:
            found[(message.context, text)] = tuple(form for form in forms if form)
    return found


def test_no_text_is_asked_for_inside_an_f_string() -> None:
    """What collects the texts does not look there: it would stay in English."""
    hidden = [
        f"{source.relative_to(_PACKAGE)}:{call.lineno}"
        for source in _PACKAGE.rglob("*.py")
        for text in ast.walk(ast.parse(source.read_bytes()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in _KEYWORDS
    ]
    assert hidden == []


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_each_text_of_the_interface_is_translated(language: str) -> None:
    translated = _translated(language)
    wanted = set(_texts_in_code())
    assert len(wanted) > 100
    missing = sorted(text for context, text in wanted if not translated.get((context, text)))
    assert missing == []


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_translation_keeps_the_placeholders_of_its_text(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    for message in catalogue:
        texts = (message.id,) if isinstance(message.id, str) else message.id
        forms = (message.string,) if isinstance(message.string, str) else message.string or ()
        for text, form in zip(
            texts, forms, strict=True
        ):  # one of a thing may go without its number
            assert set(re.findall(r"%\(\w+\)s", form)) == set(re.findall(r"%\(\w+\)s", text)), text


def test_catalogue_compiles_and_is_left_alone_until_its_source_changes(tmp_path: Path) -> None:
    shutil.copytree(LOCALE, tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
    written = compile_catalogues(tmp_path / "locale")
    assert [path.parent.parent.name for path in written] == ["nb", "nn"]
    with written[0].open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Sign out") == "Logg ut"
    assert compile_catalogues(tmp_path / "locale") == []
