"""How much of what goes between organisations both ends can follow on the platform."""

from __future__ import annotations

from fractions import Fraction


def both_by_chance(share: Fraction) -> Fraction:
    """The share of handovers among all that has both ends on the platform, when a share of them uses it
    and who hands over to whom has nothing to do with that.
    """
    return share * share


__all__ = ["both_by_chance"]
