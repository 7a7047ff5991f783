"""What HelsaMi shows: code list 9603 (tilgangsbegrensning) for each view of a record.

The views of the citizen, of a youth, of parents and of others who act for her are computed
separately, as masks over the label bits of :class:`fellesjournal.access.labels.Label`.
Sources: code list 9603; norway.md section 11; pbrl. §§ 3-4, 5-1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from fellesjournal.access.labels import (
    DELAYED,
    HIDDEN_FROM_CITIZEN,
    HIDDEN_FROM_PARENTS,
    HIDDEN_FROM_YOUTH,
    Label,
)
from fellesjournal.access.representation import ages
from fellesjournal.access.representation.rules import (
    DEFAULT_LIMITS,
    Band,
    Code,
    Limits,
    Representation,
)


class View(Enum):
    """Whose eyes: each has masks of its own."""

    SELF_ADULT = "self"
    YOUTH_UNDER_16 = "youth under 16"
    YOUTH_16 = "youth from 16"
    PARENT_FULL = "parent of a child 0-11"
    PARENT_REDUCED = "parent of a child 12-15"
    GUARDIAN = "guardian or assigned next of kin"
    ATTORNEY = "with power of attorney"


@dataclass(frozen=True, slots=True)
class Masks:
    """A resource with ``labels`` is shown when no bit of ``hidden`` is set and, unless
    ``required`` is 0, at least one bit of ``required`` is.

    ``released`` are the bits of ``hidden`` that stop hiding once their release has come
    (access.release): at their time they are taken away from ``labels``, never overlooked.
    """

    hidden: int
    required: int
    released: int

    def shows(self, labels: int) -> bool:
        """The rule in one line, as the SQL has it too."""
        return not labels & self.hidden and (not self.required or bool(labels & self.required))


# One of these anywhere hides the whole record in the portal (risk to personnel).
WHOLE_RECORD = Label.NORN_ALL
# The citizen's own block against staff: nothing she or those who act for her should miss.
FOR_STAFF_ONLY = Label.NORS

# An author who refused the youth has judged the item and left it to the parents.
_CLASSIFIED_FOR_PARENTS = Label.NORMAL | Label.NORN_UNGDOM


def _masks(hidden: int, required: int = 0) -> Masks:
    return Masks(int(hidden), int(required), int(DELAYED))


_MASKS = {
    View.SELF_ADULT: _masks(HIDDEN_FROM_CITIZEN),
    View.YOUTH_16: _masks(HIDDEN_FROM_CITIZEN),
    View.YOUTH_UNDER_16: _masks(HIDDEN_FROM_YOUTH),
    View.PARENT_FULL: _masks(HIDDEN_FROM_PARENTS),
    View.PARENT_REDUCED: _masks(HIDDEN_FROM_PARENTS, _CLASSIFIED_FOR_PARENTS),
    # Never more than the one represented sees herself. A guardian of a minor stands where a
    # parent would (see view_of); one with a power of attorney has it from somebody of 16 or more.
    View.GUARDIAN: _masks(HIDDEN_FROM_CITIZEN),
    View.ATTORNEY: _masks(HIDDEN_FROM_CITIZEN),
}


def masks(view: View) -> Masks:
    """The label bits that hide and that are required for a view."""
    return _MASKS[view]


def view_of_self(birth: date | None, now: datetime, limits: Limits = DEFAULT_LIMITS) -> View:
    """The view of a citizen who reads her own record; an unknown age sees as the youngest."""
    age = None if birth is None else ages.age(birth, now)
    if age is None or age < limits.parents_until:
        return View.YOUTH_UNDER_16
    return View.YOUTH_16 if age < limits.of_age else View.SELF_ADULT


def view_of(representation: Representation, *, of_minor: bool) -> View:
    """The view of somebody who acts for another; ``of_minor``: the other is under 18."""
    if representation.code is Code.PARENT or (representation.code is Code.GUARDIAN and of_minor):
        return View.PARENT_FULL if representation.band is Band.FULL else View.PARENT_REDUCED
    return View.ATTORNEY if representation.code is Code.ATTORNEY else View.GUARDIAN
