"""Bringing organisation after organisation onto the platform: waves and deadlines, readiness,
training, tests, migration, the first weeks, and what a slipped date changes. Nothing here knows a
clock, a database or a language: the day is an argument, and words are in ``words``.
"""
