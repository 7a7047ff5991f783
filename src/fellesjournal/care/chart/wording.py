"""Terminologies' own names made readable."""

from __future__ import annotations

import re

# What SNOMED CT adds to a full name to say of which kind it is; a reader knows.
_KIND = re.compile(
    r"\s\((?:disorder|finding|procedure|situation|event|observable entity|regime/therapy"
    r"|substance|product|medicinal product|qualifier value|morphologic abnormality)\)$"
)


def plain(text: str) -> str:
    """A name without SNOMED CT's tag: ``Anemia (disorder)`` is ``Anemia``."""
    return _KIND.sub("", text)
