"""What leaders see and decide: figures from the record, benefits, rollout, cost, decisions,
pathways, projections. Clinical data is read through the views of indicators only.
"""
