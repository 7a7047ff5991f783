"""Security labels of a resource (`meta.security`) as bits that SQL can test.

Three kinds: special categories, which staff open only by an extra step with a ground;
visibility codes (9603), which decide what the citizen and those who represent her see; and
SEVERAL_PATIENTS, REVIEW and NOT_SIGNED, which the platform sets itself.

A code of a system we know that we don't know the meaning of is never taken for harmless: an
unknown sensitivity becomes RESTRICTED, an unknown visibility hides the resource from the
citizen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import IntFlag
from functools import cache
from types import MappingProxyType
from typing import Any

from fellesjournal.access.moments import end_of
from fellesjournal.fhir.definitions import standard_terminology
from fellesjournal.fhir.issues import Issue

VISIBILITY = "urn:oid:2.16.578.1.12.4.1.1.9603"
# The same code system under the address Helsenorge's package gives it.
_VISIBILITY_SYSTEMS = (
    VISIBILITY,
    "http://helsenorge.no/fhir/CodeSystem/no-kodeverk-9603.codesystem",
)
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
ADDRESS_PROTECTION = "http://ehelse.no/fhir/CodeSystem/gd-address-confidentiality"
SPECIAL_CATEGORY = "https://fellesjournal.example/fhir/CodeSystem/special-category"
"""Our own code system: `child-protection`, for which HL7 R4 has no code."""

LABEL_DETAILS = "https://fellesjournal.example/fhir/StructureDefinition/label-details"
"""Our extension on a label's Coding: author, reason, time, until, owner. See docs/access.md."""


class Label(IntFlag):
    """One bit per label. Stored in tables: bits are never reused or changed."""

    SEVERAL_PATIENTS = 1 << 0
    PSY = 1 << 1
    CHILD = 1 << 2
    SEX = 1 << 3
    VIOLENCE = 1 << 4
    PROTECTED_ADDRESS_7 = 1 << 5
    PROTECTED_ADDRESS_6 = 1 << 6
    RESTRICTED = 1 << 7
    NORMAL = 1 << 8
    NORN_FFL = 1 << 9
    NORN_KUT = 1 << 10
    NORN_EPO = 1 << 11
    NORN_ALL = 1 << 12
    NORN_FOR = 1 << 13
    NORN_FORANS = 1 << 14
    NORN_UNGDOM = 1 << 15
    NORN_FFH = 1 << 16
    NORN_FPB = 1 << 17
    NORN_DUP = 1 << 18
    NORN_ANG = 1 << 19
    NORU = 1 << 20
    NORS = 1 << 21
    UNKNOWN_VISIBILITY = 1 << 22
    REVIEW = 1 << 23
    NOT_SIGNED = 1 << 24


NO_LABEL = Label(0)

PROTECTED_ADDRESS = Label.PROTECTED_ADDRESS_6 | Label.PROTECTED_ADDRESS_7

SPECIAL = (
    Label.PSY | Label.CHILD | Label.SEX | Label.VIOLENCE | PROTECTED_ADDRESS | Label.RESTRICTED
)
"""Opened by staff only by the extra step, with a ground."""

BLOCKED_FOR_STAFF = Label.NORS
"""Blocked by the patient for staff: opened by break-the-glass only."""

OVERSIGHT = Label.REVIEW
"""What belongs to the review of reading: set by the platform, opened to staff by no ground or step."""

HIDDEN_FROM_CITIZEN = (
    Label.NORN_FFL | Label.NORN_KUT | Label.NORN_EPO | Label.NORN_ALL | Label.NORN_FOR
    | Label.NORN_FFH | Label.NORN_FPB | Label.NORN_DUP | Label.NORN_ANG | Label.NORU
    | Label.UNKNOWN_VISIBILITY | Label.NOT_SIGNED
)  # fmt: skip
"""Hidden from every view of the citizen's portal, her own included; DELAYED until released, and
NOT_SIGNED (a draft of a note, or one given up) until somebody answers for the words."""

HIDDEN_FROM_YOUTH = HIDDEN_FROM_CITIZEN | Label.NORN_UNGDOM
"""Hidden from the young person herself from 12 to 16 years."""

HIDDEN_FROM_PARENTS = HIDDEN_FROM_CITIZEN | Label.NORN_FORANS
"""Hidden from those with parental responsibility, at any age."""

DELAYED = Label.NORU | Label.NORN_FPB
"""Hidden only until a time that the label must name."""

_VISIBILITY_CODES: Mapping[str, Label] = MappingProxyType(
    {"N": Label.NORMAL, "NORU": Label.NORU, "NORS": Label.NORS}
    | {label.name: label for label in Label if label.name and label.name.startswith("NORN_")}
)

# HL7's sensitivity codes as our categories; those not listed become RESTRICTED.
# Assumption (configurable): how far each category reaches.
_SENSITIVITY: Mapping[str, Label] = MappingProxyType(
    dict.fromkeys(("PSY", "PSYTHPN", "MH", "BH", "EMOTDIS"), Label.PSY)
    | dict.fromkeys(("SEX", "HIV", "STD", "GENDER"), Label.SEX)
    | dict.fromkeys(("SDV", "VIO", "MST"), Label.VIOLENCE)
)
_CONFIDENTIALITY: Mapping[str, Label] = MappingProxyType(
    dict.fromkeys(("U", "L", "M", "N"), NO_LABEL)
    | {"PSY": Label.PSY, "SDV": Label.VIOLENCE, "HIV": Label.SEX}
)
# Levels say how strict, not why: they add nothing where a category says why.
_LEVELS = frozenset({"R", "V"})
_PROTECTION: Mapping[str, Label] = MappingProxyType(
    {
        "ugradert": NO_LABEL,
        # Protected by the register act in single addresses, not on the person.
        "klientadresse": NO_LABEL,
        "fortrolig": Label.PROTECTED_ADDRESS_7,
        "strengtFortrolig": Label.PROTECTED_ADDRESS_6,
    }
)
_OWN_CATEGORIES: Mapping[str, Label] = MappingProxyType({"child-protection": Label.CHILD})


def labels_of(data: Mapping[str, Any]) -> int:
    """The labels in a resource's `meta.security`, as bits of :class:`Label`; 0 for none."""
    found = NO_LABEL
    strict = False
    for _, coding in _codings(data):
        if coding.get("system") == CONFIDENTIALITY and coding.get("code") in _LEVELS:
            strict = True
        found |= label_of(coding.get("system"), coding.get("code"))
    if strict and not found & SPECIAL:
        found |= Label.RESTRICTED
    return int(found)


def label_of(system: object, code: object) -> Label:
    """The label of one coding; 0 for a code of no meaning here.

    A level (R, V) alone gives 0: what it adds depends on the others, see :func:`labels_of`.
    """
    code = code if isinstance(code, str) else ""
    if system in _VISIBILITY_SYSTEMS:
        return _VISIBILITY_CODES.get(code, Label.UNKNOWN_VISIBILITY)
    if system == ACT_CODE:
        if code in _SENSITIVITY:
            return _SENSITIVITY[code]
        return Label.RESTRICTED if code in _sensitivity_codes() else NO_LABEL
    if system == CONFIDENTIALITY:
        return NO_LABEL if code in _LEVELS else _CONFIDENTIALITY.get(code, Label.RESTRICTED)
    if system == ADDRESS_PROTECTION:
        return _PROTECTION.get(code, Label.PROTECTED_ADDRESS_6)
    if system == SPECIAL_CATEGORY:
        return _OWN_CATEGORIES.get(code, Label.RESTRICTED)
    return NO_LABEL


@cache
def _sensitivity_codes() -> frozenset[str]:
    system = standard_terminology().code_system(ACT_CODE)
    return system.descendants("_InformationSensitivityPolicy") if system else frozenset()


def releases_of(data: Mapping[str, Any]) -> list[tuple[Label, datetime]]:
    """When delayed labels (NORU, NORN_FPB) cease to hide, aware in UTC, in order of labels.

    A label that names several times is released at the last. One whose time is missing or
    unreadable is not listed, and so stays: :func:`label_problems` refuses it at the write.
    A day without a time counts to its end in Norway.
    """
    times: dict[Label, datetime] = {}
    lasting = NO_LABEL
    for _, coding in _codings(data):
        label = label_of(coding.get("system"), coding.get("code")) & DELAYED
        if label:
            until = _until(coding)
            if until is None:
                lasting |= label
            else:
                times[label] = max(until, times.get(label, until))
    return sorted(item for item in times.items() if not item[0] & lasting)


def label_problems(data: Mapping[str, Any]) -> list[Issue]:
    """What is wrong with the labels, each with its place; a write is refused for any (422).

    Every visibility other than N needs author, reason and time; NORU and NORN_FPB a release
    time too, and NORN_FPB an owner of the conversation to be held (norway.md section 11).
    """
    issues: list[Issue] = []
    labels = NO_LABEL
    for place, coding in _codings(data):
        label = label_of(coding.get("system"), coding.get("code"))
        labels |= label
        if label & Label.UNKNOWN_VISIBILITY:
            issues.append(
                Issue(
                    "code-invalid",
                    f"{coding.get('code')!r} is no visibility code (9603)",
                    (f"{place}.code",),
                )
            )
        elif label in _VISIBILITY_CODES.values() and label != Label.NORMAL:
            issues += _detail_problems(place, label, coding)
    if labels & Label.NORMAL and labels & (HIDDEN_FROM_YOUTH | HIDDEN_FROM_PARENTS | Label.NORS):
        root = data.get("resourceType", "Resource")
        issues.append(
            Issue(
                "business-rule",
                "visibility N contradicts the other visibility codes (9603)",
                (f"{root}.meta.security",),
            )
        )
    return issues


def _detail_problems(place: str, label: Label, coding: Mapping[str, Any]) -> Iterator[Issue]:
    details = _details(coding)
    wanted = ["author", "reason", "time"]
    if label & DELAYED:
        wanted.append("until")
    if label & Label.NORN_FPB:
        wanted.append("owner")
    for part in wanted:
        if not details.get(part):
            yield Issue(
                "required",
                f"the visibility {coding.get('code')} needs {part} ({LABEL_DETAILS})",
                (f"{place}.extension",),
            )
    for part in ("time", "until"):
        if details.get(part) and _moment(details[part]) is None:
            yield Issue("value", f"{part} of a label must be a dateTime", (f"{place}.extension",))
    told, until = _moment(details.get("time")), _moment(details.get("until"))
    if label & DELAYED and told and until and until < told:
        yield Issue("value", "a label can't end before it is set", (f"{place}.extension",))


def label_coding(
    code: str,
    *,
    author: str,
    reason: str,
    time: datetime,
    until: datetime | None = None,
    owner: str | None = None,
) -> dict[str, Any]:
    """A Coding of 9603 with its details, as :func:`label_problems` wants it.

    ``author`` and ``owner`` are references such as ``Practitioner/1``; times are aware.
    """
    parts: list[dict[str, Any]] = [
        {"url": "author", "valueReference": {"reference": author}},
        {"url": "reason", "valueString": reason},
        {"url": "time", "valueDateTime": time.isoformat()},
    ]
    if until is not None:
        parts.append({"url": "until", "valueDateTime": until.isoformat()})
    if owner is not None:
        parts.append({"url": "owner", "valueReference": {"reference": owner}})
    return {
        "extension": [{"url": LABEL_DETAILS, "extension": parts}],
        "system": VISIBILITY,
        "code": code,
    }


def _codings(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each coding of meta.security with its FHIRPath place; shapes that are none are passed."""
    meta = data.get("meta")
    security = meta.get("security") if isinstance(meta, dict) else None
    root = data.get("resourceType", "Resource")
    if isinstance(security, list):
        for turn, coding in enumerate(security):
            if isinstance(coding, dict):
                yield f"{root}.meta.security[{turn}]", coding


def _details(coding: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of our extension by url, each as its plain value."""
    found: dict[str, Any] = {}
    for extension in _extensions(coding):
        if extension.get("url") == LABEL_DETAILS:
            for part in _extensions(extension):
                values = [value for key, value in part.items() if key.startswith("value")]
                if values and isinstance(part.get("url"), str):
                    found[part["url"]] = values[0]
    return found


def _extensions(element: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = element.get("extension")
    if not isinstance(listed, list):
        return []
    return [item for item in listed if isinstance(item, dict)]


def _until(coding: Mapping[str, Any]) -> datetime | None:
    return _moment(_details(coding).get("until"))


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return end_of(value)
    except ValueError:
        return None
