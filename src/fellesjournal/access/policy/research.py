"""Researchers: an approved cohort only, without who the citizens are.

Assumptions (configurable, this module is the place):
- notes, letters, messages and files are left out: free text names people;
- heredity is left out, for it is about relatives who are not in the study;
- special categories can't be opened: a study that needs them is given an extract instead.
"""

from __future__ import annotations

from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.kinds import GroundKind as Kind
from fellesjournal.access.policy.rules import Role, titles

RESEARCHER = Role(
    code="researcher",
    titles=titles("Researcher", "Forsker", "Forskar"),
    reason="Sees structured facts about those who take part in an approved study, while they do.",
    see={
        Kind.COHORT: Area.CONTACTS
        | Area.CRITICAL
        | Area.HEALTH
        | Area.MEDICATION
        | Area.FORMS
        | Area.RESEARCH
    },
    write={Kind.COHORT: Area.RESEARCH},
)

ROLES = (RESEARCHER,)
