"""What a role may at all, in letters of scopes: an app is never promised more than that.

The policy decides about every read anew; this only keeps the consent page and the granted
scope honest. A scope on every type (``*``) stays one: it means all that her role opens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, reduce
from operator import or_

from fellesjournal.access.policy import citizen
from fellesjournal.access.policy.areas import AREA_OF, NOTHING, Area
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.smart.authorizations import EndUser
from fellesjournal.access.smart.scopes import EVERY_TYPE, ScopeSet, in_order, merged, narrow

_READ = frozenset("rs")
_WRITE = frozenset("cud")


def within_role(wanted: ScopeSet, user: EndUser) -> ScopeSet:
    """What is left of a scope for this person: nothing her role never opens."""
    wanted = narrow(wanted, user.most)
    sees, writes = _areas(user.kind, user.role)
    kept = []
    for each in wanted.resources:
        area = sees | writes if each.type == EVERY_TYPE else AREA_OF[each.type]
        open_letters = (_READ if area & sees else frozenset()) | (
            _WRITE if area & writes else frozenset()
        )
        letters = in_order(set(each.letters) & open_letters)
        if letters:
            kept.append(replace(each, letters=letters))
    return replace(wanted, resources=merged(kept))


@cache
def _areas(kind: str, role: str) -> tuple[Area, Area]:
    """Areas that are ever open for reading, and for writing."""
    if kind == "citizen":
        return citizen.SELF_SEE | citizen.OPEN_SEE, citizen.SELF_WRITE
    found = role_of(role)
    if found is None:
        return NOTHING, NOTHING
    return _union((*found.see.values(), found.open_see)), _union(
        (*found.write.values(), found.open_write)
    )


def _union(areas: Iterable[Area]) -> Area:
    return reduce(or_, areas, NOTHING)
