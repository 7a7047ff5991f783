"""What follows when a list is made: nothing that its maker could not see is left out of it."""

from __future__ import annotations

from typing import Any

from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.actions.standing import Changes, carry_out
from fellesjournal.care.medication.queries import in_force, list_of
from fellesjournal.care.medication.refusals import ListChanged
from fellesjournal.care.medication.resources import PRESCRIBED, Person

_PLATFORM = Person("", "Fellesjournal")
_COMPLETED = "Lagt til: resepter i journalen som den første listen ikke hadde med."


def complete_first_list(session: Session, payload: Any) -> None:
    """To ``medication-list-changed``: the first list of an older record gets what stood in force
    and is not on it, such as what its maker is kept from seeing (INV-36). Other numbers: nothing.
    """
    if payload.get("number") != "1":
        return
    now = list_of(session, payload["patient"].removeprefix("Patient/"))
    if now.number != 1:
        return  # somebody has gone on already, and sees what stands outside of the list
    listed = {each.reference for each in now.medicines}
    missing = [each for each in in_force(now.others) if each.reference not in listed]
    if not missing:
        return
    changes = Changes()
    for each in missing:
        changes.added[each.reference] = PRESCRIBED
    try:
        carry_out(session, now, changes, _PLATFORM, _COMPLETED)
    except ListChanged:
        return


__all__ = ["complete_first_list"]
