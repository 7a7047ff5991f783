"""Figures of the record: flat tables that follow it within seconds, and indicators on them.

``tables`` says what a table of a view may hold, ``values`` how values are written in it,
``flattening`` keeps it up; ``parquet`` takes it out for volume, ``statements`` asks both alike.
"""
