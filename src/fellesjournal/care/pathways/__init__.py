"""Pathways that patients follow: a CarePlan and a Task for each step, owned at its level by the unit
that does it.

What a pathway is comes as a PlanDefinition (``fhir/pathway_plans.py``); who drew it, and why, this
package does not know. First steps are asked for at once; each other one when all before it have
ended, and only then does its unit have a ground to open the record.
"""
