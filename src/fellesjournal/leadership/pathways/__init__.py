"""Pathways of patients across municipality and hospital: as they are, as they are to be, the gaps
between, measures with what they cost and save, phases with guards, and whether it helped.

A pathway travels as BPMN 2.0 and as a FHIR PlanDefinition. Nothing here knows a database or a
clock, and nothing but ``applying`` is about a patient.
"""
