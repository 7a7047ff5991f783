"""The words of the pages of notes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.notes.classification import Shown
from fellesjournal.care.notes.refusals import Why
from fellesjournal.care.notes.resources import ADDENDUM, CORRECTION

SECTIONS: Mapping[str, Promise] = {
    "reason": _("Reason for contact"),
    "findings": _("Findings"),
    "assessment": _("Assessment"),
    "diagnosis": _("Diagnosis"),
    "plan": _("Plan and measures"),
    "note": _("Record note"),
}
ADDITIONS: Mapping[str, Promise] = {ADDENDUM: _("Addendum"), CORRECTION: _("Correction")}

SHOWN: Mapping[Shown, Promise] = {
    Shown.NORMAL: _("Yes, as usual"),
    Shown.NOT_PARENTS: _("To the patient, not to parents"),
    Shown.NOT_YOUTH: _("To parents, not to the young person"),
    Shown.NEITHER: _("Neither to the young person nor to parents"),
    Shown.AFTER_TALK: _("Not before we have talked (shown after 14 days at the latest)"),
    Shown.DANGER: _("No: danger to life or serious harm to health"),
    Shown.CLOSE_PERSONS: _("No: clearly inadvisable for somebody close"),
}

REFUSALS: Mapping[Why, Promise] = {
    Why.OTHER_PATIENT: _("This note is about another patient than the page. Nothing was saved."),
    Why.SIGNED: _("This note is signed. What is signed is not changed; it can be added to."),
    Why.NOT_SIGNED: _("This note is not signed yet: write in the draft itself."),
    Why.CHANGED: _(
        "Somebody has written in the draft since you read it. Read it again, then sign."
    ),
    Why.NOT_AUTHOR: _("Only those who have written in the draft can do this."),
    Why.EMPTY: _("There is nothing here yet. Write something first."),
    Why.UNMERGED: _(
        "Two texts wait to be put together. Go back to the draft and choose, then sign."
    ),
    Why.UNCLASSIFIED: _("Choose who may read the note in HelsaMi."),
    Why.UNREASONED: _("Say why the note is not shown."),
    Why.LOCKED: _("This note is locked: only those who signed it add to it. Write a new note."),
}

__all__ = ["ADDITIONS", "REFUSALS", "SECTIONS", "SHOWN"]
