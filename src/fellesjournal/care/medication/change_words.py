"""What a change of one medicine says, in one rendering: ``Kandesartan: 8 mg → 16 mg, 1 tablett
morgen``. The strength stands in the name of a medicine and not in its dose, so both are compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SAME = {
    "nb": "styrke og dose som før",
    "nn": "styrke og dose som før",
    "en": "strength and dose as before",
}
_ENDS_IN_NUMBER = re.compile(r"\d$")


@dataclass(frozen=True, slots=True)
class Said:
    """A change as it is read: ``name``, then ``before`` → ``after``, then ``rest``, which holds
    still and brings its own comma. ``before`` and ``after`` are "" when neither strength nor dose
    is another; ``name`` is "" when the medicine is called something else altogether.
    """

    name: str
    before: str
    after: str
    rest: str

    def __str__(self) -> str:
        """The change on one line."""
        lead = f"{self.name}: " if self.name and self.before else self.name
        return f"{lead}{self.before} → {self.after}{self.rest}" if self.before else lead + self.rest


def change_in_words(was: tuple[str, str], now: tuple[str, str], language: str) -> Said:
    """What changed from one line to another, each as (name of the medicine, dose in words)."""
    (old_name, old_dose), (name, dose) = was, now
    if was == now:
        same = _SAME[language]
        return Said(name, "", "", f": {dose} ({same})" if dose else f" ({same})")
    if old_name == name:
        return Said(name, old_dose or "–", dose or "–", "")
    shared, before, after, form = _strengths(old_name, name)
    if old_dose != dose:
        return Said(shared, _joined(before, form, old_dose), _joined(after, form, dose), "")
    return Said(shared, before, after, _rest(form, dose))


def _strengths(was: str, now: str) -> tuple[str, str, str, str]:
    """What two names share at the start, what is other in each, and the form they share.

    A number stays with its unit, and a strength of several numbers in one piece. Names with
    nothing to begin with, or where one only has a word more, are told whole.
    """
    old, new = was.split(), now.split()
    least = min(len(old), len(new))
    lead = next((n for n in range(least) if old[n] != new[n]), least)
    while lead and _ENDS_IN_NUMBER.search(new[lead - 1]):
        lead -= 1
    most = least - lead
    trail = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    middle_old, middle_new = old[lead : len(old) - trail], new[lead : len(new) - trail]
    if trail and any(m and _ENDS_IN_NUMBER.search(m[-1]) for m in (middle_old, middle_new)):
        trail -= 1
        middle_old, middle_new = old[lead : len(old) - trail], new[lead : len(new) - trail]
    if not lead or not middle_old or not middle_new:
        return "", was, now, ""
    form = " ".join(new[len(new) - trail :])
    return " ".join(new[:lead]), " ".join(middle_old), " ".join(middle_new), form


def _joined(strength: str, form: str, dose: str) -> str:
    return f"{strength}{_rest(form, dose)}"


def _rest(form: str, dose: str) -> str:
    """The form, unless the dose says it (``1 tablett``), and the dose."""
    said = dose.casefold().split()
    is_said = all(any(w.startswith(f) for w in said) for f in form.casefold().split())
    shown = "" if is_said else f" {form}"
    return f"{shown}, {dose}" if dose else shown


__all__ = ["Said", "change_in_words"]
