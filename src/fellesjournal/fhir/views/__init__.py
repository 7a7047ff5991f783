"""SQL-on-FHIR v2: a ViewDefinition compiled to a function from a resource to rows.

https://sql-on-fhir.org/ig/ (the runner follows its functional model). ``definition`` reads the
JSON, ``paths`` compiles one FHIRPath, ``closures`` the common ones to ``lookups``, ``compiling``
puts the rows together.
"""

from __future__ import annotations

from fellesjournal.fhir.views.compiling import Column, View, compile_view
from fellesjournal.fhir.views.problems import ViewError

__all__ = ["Column", "View", "ViewError", "compile_view"]
