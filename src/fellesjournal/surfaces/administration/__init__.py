"""Pages for those who keep the directory and those who answer for access: units, roles, reports.

Each page asks for a duty (``access/policy/rules.py``), reads and writes under the person's own
session, and leaves its lines in the log like any other.
"""
