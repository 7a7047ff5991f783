"""Diseases as small modules: how common, how they begin, what they change and what they need.

Each module has `prevalence(age, sex)`, the share who has it or has had it, and `begin(record)`,
which shifts the body, puts events on the calendar and registers the checks it needs. UNVERIFIED:
prevalences and effects are rounded guesses for demonstration, not epidemiology.
"""
