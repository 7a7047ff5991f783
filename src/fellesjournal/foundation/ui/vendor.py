"""Front-end files of others, served from ``node_modules`` without being copied or committed.

Only the files of :data:`VENDOR_FILES` are reachable, under ``vendor/``. Source maps are
listed too: the manifest storage follows the map comment and fails if the file is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

# public name below vendor/ -> file below node_modules/
VENDOR_FILES = {
    "designsystemet.css": "@digdir/designsystemet-css/dist/src/index.css",
    "theme.css": "@digdir/designsystemet-theme/src/themes/designsystemet.css",
    "designsystemet.js": "@digdir/designsystemet-web/dist/umd/index.js",
    "index.js.map": "@digdir/designsystemet-web/dist/umd/index.js.map",
    "inter.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "inter-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
}


class VendorFinder(BaseFinder):
    """Finds the listed files for ``runserver``, ``collectstatic`` and tests."""

    def __init__(self, app_names: Sequence[str] | None = None, *args: Any, **kwargs: Any) -> None:
        del app_names, args, kwargs  # Django's signature; it passes nothing
        self.storage = _VendorStorage(location=str(settings.NODE_MODULES))

    def check(self, **_kwargs: Any) -> list[CheckMessage]:
        """Absent files are reported by :func:`check_vendor_files`."""
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """The file of a public path such as ``vendor/theme.css``; [] when not ours."""
        name = path.removeprefix("vendor/")
        if not path.startswith("vendor/") or name not in VENDOR_FILES:
            return []
        found = str(Path(settings.NODE_MODULES) / VENDOR_FILES[name])
        return [found] if find_all else found

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterable[tuple[str, FileSystemStorage]]:
        """All files, as (path, storage), for ``collectstatic``."""
        del ignore_patterns
        for name in VENDOR_FILES:
            yield f"vendor/{name}", self.storage


class _VendorStorage(FileSystemStorage):
    """Reads a public path from the place in ``node_modules`` it stands for."""

    def path(self, name: str) -> str:
        return super().path(VENDOR_FILES[name.removeprefix("vendor/")])


def check_vendor_files(**_kwargs: Any) -> list[CheckMessage]:
    """One error for each file that is not there, with the command that brings it."""
    root = Path(settings.NODE_MODULES)
    return [
        Error(
            f"The front-end file {file} is missing.",
            hint="Run: npm ci --ignore-scripts   (make run does it)",
            id="ui.E001",
        )
        for file in VENDOR_FILES.values()
        if not (root / file).is_file()
    ]
