"""Reading FHIR packages (folders of JSON resources) and writing the shipped tables."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

# A FHIR resource as parsed JSON; its shape is the standard's, not ours.
Resource = dict[str, Any]

R4_SOURCE = "HL7 FHIR R4 4.0.1, npm package hl7.fhir.r4.examples 4.0.1, http://hl7.org/fhir/R4"
R4_LICENCE = "CC0-1.0"


class Package:
    """A folder with one JSON resource per file, named ``Type-id.json``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resources(self, resource_type: str) -> Iterator[Resource]:
        """All resources of one type, in the order of their file names."""
        for path in sorted(self.folder.glob(f"{resource_type}-*.json")):
            data = orjson.loads(path.read_bytes())
            if data.get("resourceType") == resource_type:
                yield data


def encode_table(payload: dict[str, Any]) -> bytes:
    """The same bytes for the same payload, whenever and wherever it runs."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as file:
        file.write(orjson.dumps(payload))
    return buffer.getvalue()
