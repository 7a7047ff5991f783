"""The shipped tables: compact files compiled from published packages, read when needed.

`tables/` is the output of ``python -m tools.compile_definitions``; each table names its
source and licence under ``source`` and ``licence``.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from typing import Any

import orjson


@cache
def load_table(name: str) -> dict[str, Any]:
    """One table as parsed JSON, kept in memory. Callers must not change it.

    Raises FileNotFoundError for a table that isn't shipped.
    """
    raw = files(__package__).joinpath("tables", f"{name}.json.gz").read_bytes()
    # Any: the rows' shapes are documented where they are compiled and read.
    table: dict[str, Any] = orjson.loads(gzip.decompress(raw))
    return table
