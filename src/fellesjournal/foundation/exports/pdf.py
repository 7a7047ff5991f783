"""Tagged, accessible PDF (PDF/UA-1) from a Typst template and data.

The same template and data give the same bytes at any time, so that what was shown before sending
can be compared with what was sent (INV-41). A template must set the date of the document itself:
left to Typst it is the moment of making.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst


def pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """The template filled with data, which it reads as JSON from ``sys.inputs.data``.

    Takes some milliseconds, the first time in a process some tens.
    """
    filled = orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()
    with _ONE_AT_A_TIME:
        made = _compiler(template).compile(
            format="pdf", pdf_standards=["ua-1"], sys_inputs={"data": filled}
        )
    assert isinstance(made, bytes)  # one file, as no output was named
    return made


# What a template may read besides itself: the other templates of the program.
_ROOT = Path(__file__).resolve().parents[2]

# A compiler refuses to be used by two threads at once ("Already borrowed").
_ONE_AT_A_TIME = threading.Lock()


@cache
def _compiler(template: Path) -> typst.Compiler:
    return typst.Compiler(str(template), root=str(_ROOT))


__all__ = ["pdf"]
