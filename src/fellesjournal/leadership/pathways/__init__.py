"""Pathways of patients across municipality and hospital: as they are, as they are to be, the gaps
between, measures with what they cost and save, phases with guards, and whether it helped.

A pathway travels as BPMN 2.0 and as a FHIR PlanDefinition, by which clinicians follow it
(``care/pathways``). Nothing here is about a patient, and nothing knows a database or a clock except
``actions``, ``queries`` and ``jobs``.
"""
