"""Write the definition tables the product ships.

Get the package with npm and compile::

    npm install --no-save hl7.fhir.r4.examples@4.0.1
    python -m tools.compile_definitions [PACKAGE FOLDER] [--norway FOLDER]

Without an argument the folder is ``node_modules/hl7.fhir.r4.examples``. The folder after
``--norway`` has the packages of HL7 Norway unpacked as ``no-basis``, ``vitalsigns``,
``nilar-lab`` and ``auditevent`` (``profiles.NORWEGIAN_PACKAGES`` says where each comes
from); without it their table stays as it is. With ``--check`` nothing is written; the exit
code is 1 when a shipped table differs from what the packages give.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from pathlib import Path
from typing import Any

import orjson
from tools.compile_definitions.behaviour import compile_compartments, compile_operations
from tools.compile_definitions.package import (
    R4_LICENCE,
    R4_SOURCE,
    Package,
    encode_table,
)
from tools.compile_definitions.profiles import compile_core_profiles, compile_norwegian
from tools.compile_definitions.search import compile_search, read_shipped
from tools.compile_definitions.structures import (
    compile_resource_numbers,
    compile_structures,
)
from tools.compile_definitions.terminology import compile_terminology
from tools.compile_definitions.units import compile_units

PROJECT = Path(__file__).resolve().parents[2]
DEFAULT_PACKAGE = PROJECT / "node_modules" / "hl7.fhir.r4.examples"
TABLES = PROJECT / "src" / "fellesjournal" / "fhir" / "definitions" / "tables"


def compile_tables(package: Package) -> dict[str, dict[str, Any]]:
    """Table name -> content, for everything that comes from the base standard."""
    structures = compile_structures(package)
    tables = {
        "structures": structures,
        "resource-numbers": compile_resource_numbers(structures),
        "compartments": compile_compartments(package),
        "operations": compile_operations(package),
        "terminology": compile_terminology(package),
        "profiles-r4": compile_core_profiles(package),
    }
    origin = {"source": R4_SOURCE, "licence": R4_LICENCE}
    return {name: origin | table for name, table in tables.items()} | {
        # slots that are shipped keep their numbers: index rows hold them
        "search": compile_search(package, read_shipped()),
        "units": compile_units(package),
    }


def compile_norwegian_table(folder: Path) -> dict[str, dict[str, Any]]:
    """The table of the Norwegian packages, by its name."""
    origin = {"source": "HL7 Norway, see packages", "licence": R4_LICENCE}
    return {"profiles-norway": origin | compile_norwegian(folder)}


def differing_tables(tables: dict[str, dict[str, Any]]) -> list[str]:
    """Names of the tables whose shipped file is absent or says something else."""
    return [name for name, table in tables.items() if _shipped(name) != orjson.dumps(table)]


def _shipped(name: str) -> bytes | None:
    path = TABLES / f"{name}.json.gz"
    return gzip.decompress(path.read_bytes()) if path.is_file() else None


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", nargs="?", type=Path, default=DEFAULT_PACKAGE)
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    parser.add_argument("--norway", type=Path, help="folder of the Norwegian packages")
    chosen = parser.parse_args(arguments)
    if not chosen.package.is_dir():
        print(f"{chosen.package} is not there; npm install --no-save hl7.fhir.r4.examples@4.0.1")
        return 2
    tables = compile_tables(Package(chosen.package))
    if chosen.norway:
        tables |= compile_norwegian_table(chosen.norway)
    if chosen.check:
        differing = differing_tables(tables)
        for name in differing:
            print(f"{name}: the shipped table differs from the package")
        return 1 if differing else 0
    for name, table in tables.items():
        raw = encode_table(table)
        (TABLES / f"{name}.json.gz").write_bytes(raw)
        print(f"{name}: {len(raw):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
