"""Whether what staff measured lies outside what was agreed in a follow-up, for the receipt.

Only what a citizen measures herself is judged and watched (care/remote_follow_up): what staff
note here alerts nobody, and the receipt says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext

from fellesjournal.care.remote_follow_up.plans import Agreed, Plan
from fellesjournal.foundation.ui.templatetags.ui import number
from fellesjournal.surfaces.clinic.noting_forms import VITAL_LABELS


def outside_words(
    plans: Iterable[Plan],
    measured: Mapping[str, Decimal],
    day: date,
    telephone_of: Callable[[str], str],
) -> list[str]:
    """One sentence for each follow-up that goes on and of which something measured lies outside, with where
    the unit that follows it answers the telephone.
    """
    sentences = []
    for plan in plans:
        if not plan.is_ongoing(day):
            continue
        parts = [words for agreed in plan.agreed for words in _outside(agreed, measured)]
        if parts:
            whom = (plan.owner_name or plan.unit_name, telephone_of(plan.unit))
            said = {"what": ", ".join(parts), "owner": ", ".join(filter(None, whom))}
            sentences.append(
                gettext(
                    "Outside the agreed limit: %(what)s. Nobody is alerted by this: tell %(owner)s,"
                    " or who is on duty."
                )
                % said
            )
    return sentences


def _outside(agreed: Agreed, measured: Mapping[str, Decimal]) -> list[str]:
    found = []
    for part, lies in agreed.outside(measured).items():
        limit = agreed.limits[part]
        said = {"what": VITAL_LABELS[part], "value": number(measured[part])}
        if lies == "H":
            words = gettext("%(what)s %(value)s, at most %(limit)s")
            found.append(words % (said | {"limit": number(limit.high)}))
        else:
            words = gettext("%(what)s %(value)s, at least %(limit)s")
            found.append(words % (said | {"limit": number(limit.low)}))
    return found


__all__ = ["outside_words"]
