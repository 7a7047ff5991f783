"""Front-end files of others are served from where npm put them, and from nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from pytest_django.fixtures import Settings

from fellesjournal.foundation.ui.collecting import collect_static_files
from fellesjournal.foundation.ui.vendor import VENDOR_FILES, VendorFinder, check_vendor_files


@pytest.mark.parametrize("name", VENDOR_FILES)
def test_listed_file_is_found_and_not_empty(name: str) -> None:
    found = finders.find(f"vendor/{name}")
    assert isinstance(found, str)
    assert Path(found).stat().st_size > 100


@pytest.mark.parametrize(
    "path", ["vendor/../package.json", "vendor/axe-core/axe.js", "vendor/", "theme.css"]
)
def test_anything_else_in_node_modules_is_out_of_reach(path: str) -> None:
    assert VendorFinder().find(path) == []


def test_missing_file_is_named_with_the_command_that_brings_it(
    settings: Settings, tmp_path: Path
) -> None:
    assert check_vendor_files() == []
    settings.NODE_MODULES = tmp_path
    found = check_vendor_files()
    assert len(found) == len(VENDOR_FILES)
    assert "npm ci" in str(found[0].hint)


def test_static_files_are_collected_under_hashed_names_only_when_they_change(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    assert collect_static_files()
    (sheet,) = (tmp_path / "static" / "ui").glob("app.*.css")
    assert "../vendor/inter." in sheet.read_text()
    assert not collect_static_files()
