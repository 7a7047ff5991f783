"""How organisations that share a record decide together: cases at forum levels, committees and
their meetings, action plans, the queue of usability, findings of reviews.

States change in visible tables; a decided case is never edited. Nothing here knows a database or
a clock, except ``actions`` and ``queries``.
"""
