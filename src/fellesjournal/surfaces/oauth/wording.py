"""Scopes in plain words: one line per area of the record, never a resource type's name."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fellesjournal.access.policy.areas import AREA_OF, Area
from fellesjournal.access.smart.scopes import EVERY_TYPE, Context, ResourceScope, ScopeSet

_AREAS: dict[Area, Promise] = {
    Area.PERSON: _("Name, national identity number, address and next of kin"),
    Area.CONTACTS: _("Appointments and contacts with the health service"),
    Area.CRITICAL: _("Allergies and warnings"),
    Area.HEALTH: _("Diagnoses, measurements, test results, procedures and vaccines"),
    Area.HEREDITY: _("Family history and genetic information"),
    Area.MEDICATION: _("Medicines"),
    Area.DOCUMENTS: _("Notes, letters and documents"),
    Area.FORMS: _("Answered forms"),
    Area.PLANS: _("Care plans, goals and the team"),
    Area.REQUESTS: _("Referrals and orders"),
    Area.TASKS: _("Tasks"),
    Area.MESSAGES: _("Messages"),
    Area.ATTACHMENTS: _("Files and images"),
    Area.COLLECTIONS: _("Lists and groups"),
    Area.ORIGIN: _("Who wrote what"),
    Area.FINANCE: _("Bills and payments"),
    Area.PRIVACY: _("Consents and blocks"),
    Area.LOG: _("Who has opened the record"),
    Area.RESEARCH: _("Participation in research"),
    Area.STATISTICS: _("Reports of measures"),
    Area.SCHEDULES: _("Times that can be booked"),
    Area.DIRECTORY: _("Health services and their staff"),
    Area.DEFINITIONS: _("Code lists and other definitions"),
    Area.SYSTEM: _("Technical information"),
}
_EVERYTHING = _("Everything in the record")

# what of "cruds" a person is told about, in this order
_READ = _("read")
_ADD = _("add")
_CHANGE = _("change")
_DELETE = _("delete")


def area_title(area: Area) -> Promise:
    """What a single area is called to people who are no engineers."""
    return _AREAS[area]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the consent page. ``verbs`` in words; ``part`` says that only some of it is
    meant (``examples`` names the search that limits it); ``everybody``: not one patient only.
    """

    key: str
    title: Promise
    verbs: tuple[Promise, ...]
    writes: bool
    part: str
    everybody: bool
    scopes: tuple[ResourceScope, ...]


def lines(scope: ScopeSet) -> list[Line]:
    """What is asked for: one line per context and area, the widest first."""
    grouped: dict[tuple[Context, int, str], list[ResourceScope]] = {}
    for each in scope.resources:
        area = 0 if each.type == EVERY_TYPE else int(AREA_OF[each.type])
        limit = " ".join(f"{name}={value}" for name, value in each.query)
        grouped.setdefault((each.context, area, limit), []).append(each)
    return [
        _line(context, area, limit, held)
        for (context, area, limit), held in sorted(grouped.items(), key=lambda item: item[0])
    ]


def _line(context: Context, area: int, limit: str, held: list[ResourceScope]) -> Line:
    letters = {letter for each in held for letter in each.letters}
    verbs = []
    if letters & {"r", "s"}:
        verbs.append(_READ)
    if "c" in letters:
        verbs.append(_ADD)
    if "u" in letters:
        verbs.append(_CHANGE)
    if "d" in letters:
        verbs.append(_DELETE)
    return Line(
        key=f"{context.value}-{area}-{limit}",
        title=_EVERYTHING if area == 0 else _AREAS[Area(area)],
        verbs=tuple(verbs),
        writes=bool(letters & {"c", "u", "d"}),
        part=_limit_in_words(limit),
        everybody=context != Context.PATIENT,
        scopes=tuple(held),
    )


# http://terminology.hl7.org/CodeSystem/observation-category
_CATEGORIES: dict[str, Promise] = {
    "activity": _("activity"),
    "exam": _("examinations"),
    "imaging": _("imaging"),
    "laboratory": _("laboratory results"),
    "procedure": _("findings during procedures"),
    "social-history": _("social circumstances and habits"),
    "survey": _("scores and answers to forms"),
    "therapy": _("what treatment has led to"),
    "vital-signs": _("vital signs"),
}


def _limit_in_words(limit: str) -> str:
    """The end of each value, in words where we have them: ``vital-signs`` of a long system."""
    codes = [part.rpartition("=")[2].rpartition("|")[2] for part in limit.split(" ") if part]
    return ", ".join(str(_CATEGORIES.get(code, code)) for code in codes)


def duration(scope: ScopeSet) -> Promise:
    """For how long the app keeps its access."""
    if scope.has("offline_access"):
        return _("for 90 days, also when you are not signed in")
    if scope.has("online_access"):
        return _("until you sign out, at most 12 hours")
    return _("for 15 minutes")


def place(address: str) -> str:
    """Where the person is sent afterwards: the name of the host, or of the app's own scheme."""
    parts = urlsplit(address)
    return parts.netloc or parts.scheme


# v3-ActCode, the codes of http://terminology.hl7.org/ValueSet/v3-ActEncounterCode
_CLASSES: dict[str, Promise] = {
    "AMB": _("at the service, not admitted"),
    "EMER": _("emergency"),
    "FLD": _("out in the field"),
    "HH": _("at home"),
    "IMP": _("admitted"),
    "ACUTE": _("admitted"),
    "NONAC": _("admitted"),
    "OBSENC": _("under observation"),
    "PRENC": _("before admission"),
    "SS": _("short stay"),
    "VR": _("by telephone, video or in writing"),
}
# http://hl7.org/fhir/R4/valueset-encounter-status.html, without what is no contact
_STATUSES: dict[str, Promise] = {
    "planned": _("planned"),
    "arrived": _("arrived"),
    "triaged": _("urgency set"),
    "in-progress": _("in progress"),
    "onleave": _("on leave"),
    "finished": _("finished"),
    "unknown": pgettext_lazy("encounter", "status not known"),
}


def encounter_class(code: str) -> str:
    """The class of an encounter; empty for a code that is not the standard's."""
    return str(_CLASSES.get(code, ""))


def encounter_status(code: str) -> str:
    """The status of an encounter; whatever else is there as not known."""
    return str(_STATUSES.get(code, _STATUSES["unknown"]))
