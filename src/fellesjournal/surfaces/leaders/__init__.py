"""The leaders' pages: figures, benefits, rollout, cost, decisions, pathways, projections.

Each page is for a duty of the role that is worked in (``duties.for_duty``); none shows anything
about one patient.
"""
