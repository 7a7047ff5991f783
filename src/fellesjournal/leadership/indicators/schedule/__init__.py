"""The schedule dashboard: how the time of a unit is used, lost and waited for.

``tallies`` is the arithmetic of the formula table, ``waiting`` the third next available time,
``comparing`` sets months beside each other, ``flags`` says what needs a cause before it is steered by;
``views`` and ``reading`` take it from the record. ``source`` is a published dashboard, held against itself.
"""
