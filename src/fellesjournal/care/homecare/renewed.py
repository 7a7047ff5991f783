"""Doses that were cancelled because their prescription was renewed, and are to be given all the same.

Told as cancelled, they would stand beside the very dose that is to be given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fellesjournal.care.homecare.planned import ORDER_CHANGED, Item, State


def lives_on(item: Item, listed: Iterable[Item], prior: Mapping[str, str]) -> bool:
    """Whether a cancelled dose stands among ``listed`` yet: the same dose at the same time, by a
    prescription that took the place of its own, directly or through others. ``prior``: which
    prescription each took the place of. Two that only look alike are two.
    """
    if not (item.is_dose and item.state is State.CANCELLED and item.reason == ORDER_CHANGED):
        return False
    return any(
        each.is_dose
        and each.state.is_live
        and (each.at, each.text) == (item.at, item.text)
        and _follows(each.source, item.source, prior)
        for each in listed
    )


def _follows(later: str, earlier: str, prior: Mapping[str, str]) -> bool:
    passed: set[str] = set()
    while later and later not in passed:
        passed.add(later)
        later = prior.get(later, "")
        if later == earlier:
            return True
    return False


__all__ = ["lives_on"]
