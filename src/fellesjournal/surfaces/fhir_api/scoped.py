"""Which letter of a SMART scope an interaction needs.

http://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#scopes-for-requesting-fhir-resources:
r for read, vread and the history of one; s for search and the history of a type.
"""

from __future__ import annotations

from fellesjournal.access.citizens import opens
from fellesjournal.access.policy.areas import AREA_OF
from fellesjournal.access.policy.citizen import SELF_SEE
from fellesjournal.access.sessions import Session
from fellesjournal.access.smart.sessions import check_letter
from fellesjournal.fhir.definitions import is_resource_type
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.surfaces.fhir_api.request import Request

_WRITES = {"POST": "c", "PUT": "u", "PATCH": "u", "DELETE": "d"}
_AFTER_TYPE = {"_history": "s", "_search": "s"}
_AFTER_ID = {
    "_history": "r", "$meta": "r", "$meta-add": "u", "$meta-delete": "u", "$evaluate-measure": "r",
}  # fmt: skip


def check(request: Request) -> None:
    """Raises NotAllowed (403) when the session is an app's and its scopes lack the letter.

    What goes over several types (system search, batch, ``$everything``) is narrowed by the
    predicate of each statement and checked for each write.
    """
    path = request.path
    if not path or not is_resource_type(path[0]):
        return
    name, letter = _needed(path, request.method)
    if letter:
        check_letter(request.session, name, letter)
    if letter == "s":
        _check_part(request.session, name)


def _check_part(session: Session | None, name: str) -> None:
    """Who acts for another is refused a search in a part of the record that is not open to her: that
    nothing is found would say that there is nothing. What she may see is no secret to her.
    """
    if session is None or session.kind != "citizen":
        return
    area = AREA_OF[name]
    if area in SELF_SEE and not opens(session, area):
        raise NotAllowed(f"{name} is in a part of this record that is not open", code="forbidden")


def _needed(path: tuple[str, ...], method: str) -> tuple[str, str]:
    writes = _WRITES.get(method, "")
    if len(path) == 1:
        return path[0], writes or "s"
    if len(path) == 2:
        if path[1].startswith("$"):
            return path[0], ""
        return path[0], _AFTER_TYPE.get(path[1]) or writes or "r"
    if len(path) == 3 and is_resource_type(path[2]):
        return path[2], "s"
    return path[0], _AFTER_ID.get(path[2], "")
