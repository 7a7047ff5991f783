"""Compiles HL7's R4 package into the compact tables the product ships.

Nothing in ``src/fellesjournal/fhir/definitions/tables`` is written by hand: it is the
output of ``python -m tools.compile_definitions``.
"""
