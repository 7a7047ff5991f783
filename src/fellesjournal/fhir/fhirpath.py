"""FHIRPath by the library fhirpathpy, where generality matters more than time.

Invariants on the write path don't come here; see ``validation.expressions``. An expression
costs the library some milliseconds to parse and tenths of one to evaluate.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import fhirpathpy
from fhirpathpy.engine.nodes import ResourceNode
from fhirpathpy.models import models


class FhirPathError(ValueError):
    """The expression is no FHIRPath, or can't be evaluated on this value."""


# The library is not annotated here.
_create_node: Callable[[Any, str], Any] = ResourceNode.create_node

Evaluator = Callable[[Any, dict[str, Any]], list[Any]]


def evaluate(
    data: Any,
    expression: str,
    *,
    type_name: str | None = None,
    resource: Any = None,
    root: Any = None,
) -> list[Any]:
    """The collection that an R4 expression gives for a resource or a part of one.

    ``type_name`` tells the type of a part (``Patient.contact``, ``HumanName``); ``resource``
    and ``root`` are what ``%resource`` and ``%rootResource`` mean, by default the data.
    Raises FhirPathError for whatever the library can't do.
    """
    resource = data if resource is None else resource
    environment = {
        "resource": resource,
        "rootResource": resource if root is None else root,
        "context": data,
        "ucum": "http://unitsofmeasure.org",
    }
    # A part tells its type with it, so that choices such as value[x] are found.
    focus = data if type_name is None else _create_node(data, type_name)
    try:
        found = _compiled(expression)(focus, environment)
    except FhirPathError:
        raise
    except Exception as problem:
        # The library raises all kinds for a bad expression or an odd value.
        raise FhirPathError(f"{expression}: {problem}") from problem
    return list(found)


def _silent(_label: str, _values: Any) -> None:
    """trace() would print patient data to the console."""


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> Evaluator:
    try:
        compiled: Evaluator = fhirpathpy.compile(
            expression, model=models["r4"], options={"traceFn": _silent}
        )
    except Exception as problem:
        raise FhirPathError(f"{expression}: {problem}") from problem
    return compiled
