"""docs/access.md: the rules of access as a page that a data protection officer can read.

Written by ``python -m tools.access_page``; a test fails when page and rules differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from inspect import getdoc
from types import ModuleType

from fellesjournal.access import labels
from fellesjournal.access.labels import Label
from fellesjournal.access.policy import (
    administration,
    areas,
    citizen,
    kinds,
    leadership,
    municipal,
    opening,
    operation,
    research,
    treatment,
)
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.kinds import STAFF_KINDS, GroundKind
from fellesjournal.access.policy.roles import POSITIONS, ROLES
from fellesjournal.access.policy.rules import Role
from fellesjournal.access.policy.texts import (
    BLOCKS,
    DETAILS,
    FIRST,
    GROUND_SOURCES,
    LABELS,
    LIMITS,
    OPENINGS,
    REPRESENTATION,
    VISIBILITY_MEANINGS,
)
from fellesjournal.access.relations.durations import DURATIONS

_MODULES: Sequence[tuple[str, ModuleType]] = (
    ("Treatment", treatment),
    ("Municipal care", municipal),
    ("Administration", administration),
    ("Leadership", leadership),
    ("Operation", operation),
    ("Research", research),
)


def access_page() -> str:
    """The whole page in Markdown, ending in a newline."""
    parts = (
        [FIRST],
        _grounds(),
        _areas(),
        _overview(),
        _roles(),
        _citizen(),
        _labels(),
        [BLOCKS],
        _openings(),
        [REPRESENTATION],
        [LIMITS],
    )
    return "\n\n".join(part.strip() for section in parts for part in section) + "\n"


def _grounds() -> Iterator[str]:
    yield "## Grounds"
    yield (
        "A ground is a fact with a start and an end. It is derived from a resource in the record"
        " and lasts as long as that says, with these additions. The purpose is the code of"
        " [v3-ActReason](http://terminology.hl7.org/CodeSystem/v3-ActReason) that is logged."
    )
    yield _table(
        ("No", "Ground", "Norwegian", "Purpose", "Meaning", "Follows from"),
        (
            (
                str(kind.value),
                kind.title,
                kinds.MEANINGS[kind].titles["nb"],
                kind.purpose,
                kinds.MEANINGS[kind].sentence,
                GROUND_SOURCES[kind],
            )
            for kind in GroundKind
        ),
    )
    yield "### Durations"
    yield "Days of 24 hours. All of them are settings; none is given by statute."
    yield _table(
        ("Setting", "Days", "Reason"),
        ((f"`{name}`", str(row.days), row.source) for name, row in DURATIONS.rows()),
    )


def _areas() -> Iterator[str]:
    yield "## Areas of information"
    yield "Every resource type belongs to exactly one area."
    yield _table(
        ("Area", "What it is", "Open without a patient", "Resource types"),
        (
            (
                _name(area),
                areas.MEANINGS[area],
                "to roles that have it" if area in areas.PATIENT_LESS else "never",
                ", ".join(areas.TYPES_OF[area]),
            )
            for area in Area
        ),
    )


def _overview() -> Iterator[str]:
    yield "## Roles"
    yield (
        "A code that is not listed here has no role and opens nothing. HPR is the number of"
        " authorised health personnel; professions are codes of 9060. Level is the security"
        " level of the sign-in."
    )
    yield _table(
        ("Role", "Code and positions", "HPR", "Professions", "Level", "May break the glass",
         "May open by an extra step", "Without a patient: sees", "writes", "Other duties"),
        (_overview_row(role) for role in ROLES.values()),
    )  # fmt: skip


def _overview_row(role: Role) -> tuple[str, ...]:
    positions = [position for position, code in POSITIONS.items() if code == role.code]
    return (
        role.titles["en"],
        ", ".join(f"`{code}`" for code in [role.code, *positions]),
        "required" if role.needs_hpr else "not required",
        ", ".join(sorted(role.professions)) or "any",
        str(role.security_level),
        "yes" if role.may_break_glass else "no",
        ", ".join(_special_name(label) for label in Label if label in role.special) or "nothing",
        _listed(role.open_see),
        _listed(role.open_write),
        "; ".join(duty.value for duty in sorted(role.duties)) or "–",
    )


def _roles() -> Iterator[str]:
    yield "## What each ground opens to each role"
    yield (
        "**see** is reading, **write** is reading and writing. A ground or an area that is not in"
        " a table opens nothing."
    )
    for title, module in _MODULES:
        yield f"### {title}"
        yield getdoc(module) or ""
        for role in module.ROLES:
            yield f"#### {role.titles['en']}"
            yield role.reason
            yield _matrix(role)


def _matrix(role: Role) -> str:
    columns = [kind for kind in STAFF_KINDS if role.see.get(kind)]
    if not columns:
        return "No ground opens a record to this role."
    rows = [area for area in Area if any(area in role.see[kind] for kind in columns)]
    return _table(
        ("Area", *(kind.title for kind in columns)),
        ((_name(area), *(_cell(role, kind, area) for kind in columns)) for area in rows),
    )


def _cell(role: Role, kind: GroundKind, area: Area) -> str:
    if area in role.write.get(kind, areas.NOTHING):
        return "write"
    return "see" if area in role.see[kind] else ""


def _citizen() -> Iterator[str]:
    yield "## The citizen"
    yield getdoc(citizen) or ""
    yield _table(
        ("", "Areas"),
        (
            ("sees of her own record", _listed(citizen.SELF_SEE)),
            ("may add to", _listed(citizen.SELF_WRITE)),
            ("sees without a patient", _listed(citizen.OPEN_SEE)),
        ),
    )


def _labels() -> Iterator[str]:
    yield LABELS
    yield _table(
        ("Label", "Codes in `meta.security`"),
        ((_special_name(label), SPECIAL_CODES[label]) for label in SPECIAL_CODES),
    )
    yield DETAILS
    yield _table(
        ("Code (9603)", "Meaning", "Staff", "Citizen", "Young person 12–16", "Parents"),
        (_visibility_row(label) for label in VISIBILITY_MEANINGS),
    )


SPECIAL_CODES = {
    Label.PSY: "v3-ActCode PSY, PSYTHPN, MH, BH, EMOTDIS; v3-Confidentiality PSY",
    Label.CHILD: f"`child-protection` of {labels.SPECIAL_CATEGORY}",
    Label.SEX: "v3-ActCode SEX, HIV, STD, GENDER; v3-Confidentiality HIV",
    Label.VIOLENCE: "v3-ActCode SDV, VIO, MST; v3-Confidentiality SDV",
    Label.PROTECTED_ADDRESS_7: "gd-address-confidentiality `fortrolig` (kode 7)",
    Label.PROTECTED_ADDRESS_6: "gd-address-confidentiality `strengtFortrolig` (kode 6)",
    Label.RESTRICTED: (
        "v3-Confidentiality R or V without a category above, its older codes, and every other"
        " sensitivity code of v3-ActCode"
    ),
}


def _openings() -> Iterator[str]:
    yield OPENINGS
    yield _table(
        ("Reason", "Code", "For"),
        [
            *(
                (text, f"`{code}`", "emergency access")
                for code, text in opening.BREAK_GLASS_REASONS.items()
            ),
            *(
                (text, f"`{code}`", "the extra step")
                for code, text in opening.EXTRA_STEP_REASONS.items()
            ),
        ],
    )
    yield _table(
        ("Setting", "Value", "Reason"),
        ((f"`{name}`", value, why) for name, value, why in opening.RULES.rows()),
    )


def _visibility_row(label: Label) -> tuple[str, ...]:
    code = "N" if label == Label.NORMAL else label.name or ""
    views = (labels.HIDDEN_FROM_CITIZEN, labels.HIDDEN_FROM_YOUTH, labels.HIDDEN_FROM_PARENTS)
    hidden = "hidden until released" if label & labels.DELAYED else "hidden"
    staff = "break-the-glass only" if label & labels.BLOCKED_FOR_STAFF else "by ground"
    return (
        "(unknown)" if label == Label.UNKNOWN_VISIBILITY else f"`{code}`",
        VISIBILITY_MEANINGS[label],
        staff,
        *(hidden if label & view else "shown" for view in views),
    )


_SPECIAL_NAMES = {
    Label.PSY: "psychiatry",
    Label.CHILD: "child protection",
    Label.SEX: "sexual health",
    Label.VIOLENCE: "violence",
    Label.PROTECTED_ADDRESS_7: "confidential address",
    Label.PROTECTED_ADDRESS_6: "strictly confidential address",
    Label.RESTRICTED: "otherwise restricted",
}


def _special_name(label: Label) -> str:
    return _SPECIAL_NAMES[label]


def _name(area: Area) -> str:
    return (area.name or "").lower()


def _listed(chosen: Area) -> str:
    return ", ".join(name.lower() for name in areas.names(chosen)) or "nothing"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
