"""Factors of the common UCUM units, so that workers need not load a unit library.

Run on its own: ``python -m tools.compile_definitions.units [PACKAGE FOLDER]``. The codes are
those of HL7's value set of common units; the factors are worked out by ucumvert.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tools.compile_definitions.package import R4_LICENCE, R4_SOURCE, Package, encode_table
from tools.compile_definitions.search import DEFAULT_PACKAGE, TABLE

from fellesjournal.fhir.ucum import base_form

VALUE_SET = "http://hl7.org/fhir/ValueSet/ucum-common"


def compile_units(package: Package) -> dict[str, Any]:
    """``{"units": {code: [dimension, factor, offset]}}``; codes without a scale are left out."""
    (value_set,) = (v for v in package.resources("ValueSet") if v.get("url") == VALUE_SET)
    codes = [c["code"] for include in value_set["compose"]["include"] for c in include["concept"]]
    rows = {code: base_form(code) for code in sorted({*codes, "1"})}
    return {
        "source": R4_SOURCE + "; factors by ucumvert",
        "licence": R4_LICENCE,
        "units": {code: list(row) for code, row in rows.items() if row},
    }


def main() -> int:
    """Write the shipped table. Returns the exit code."""
    table = compile_units(Package(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_PACKAGE))
    raw = encode_table(table)
    TABLE.with_name("units.json.gz").write_bytes(raw)
    print(f"units: {len(raw):,} bytes, {len(table['units'])} units")
    return 0


if __name__ == "__main__":
    sys.exit(main())
