"""Official schemas and example messages, where third-party data is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.national.official import OfficialSchemas


@pytest.fixture(scope="session")
def official(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> OfficialSchemas:
    return OfficialSchemas(shared_data, tmp_path_factory.mktemp("xsd"))


@pytest.fixture(scope="session")
def examples(shared_data: Path) -> Path:
    """The folder with the national example messages."""
    return shared_data / "norway" / "messages"
