"""Figures of the record: flat tables that follow it within seconds, and indicators on them.

``tables`` says what a table of a view may hold, ``values`` how values are written in it,
``flattening`` keeps it up; ``parquet`` takes it out for volume. An indicator has a folder with its
text and its statement (``dialect``), which ``measuring`` asks of the tables or of their files.
"""
