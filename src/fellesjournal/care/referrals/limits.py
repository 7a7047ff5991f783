"""Deadlines of referrals and who may decide on them: settings of the law and of assumptions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Working days (registry/working_days.py). ``assessors`` are roles of access/policy."""

    assess_within: int = 10
    """L10: a referral is assessed within ten working days of its receipt."""
    answer_within: int = 5
    """Assumption (configurable): a question to the referrer is answered within a week."""
    helfo_within: int = 1
    """L10 says "at once": assumption (configurable) that this is the next working day."""
    assessors: frozenset[str] = frozenset({"doctor"})
    """UNVERIFIED assumption: doctors assess; secretaries register, book and ask."""
    referrers: frozenset[str] = frozenset({"doctor"})
    """UNVERIFIED assumption: doctors sign referrals; others at the unit may write drafts."""


LIMITS = Limits()
"""The settings in force."""
