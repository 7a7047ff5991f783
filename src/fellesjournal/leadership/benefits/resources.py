"""What is kept of benefits as documents: the plan and the maturity of each unit, each item of the
common selection list, workshops, each row of their worksheets, and practices to copy.
"""

from __future__ import annotations

from fellesjournal.access.policy.rules import Duty
from fellesjournal.leadership.benefits.maturity import Maturity
from fellesjournal.leadership.benefits.network import Practice
from fellesjournal.leadership.benefits.plan import Plan
from fellesjournal.leadership.benefits.selection import Item
from fellesjournal.leadership.benefits.workshops import SheetRow, Workshop
from fellesjournal.leadership.documents.resources import Kind

REALISING = frozenset({Duty.REALISE_BENEFITS})
TAKING_PART = REALISING | {Duty.SEE_FIGURES}
"""Who scores and who fills in worksheets: leaders too (Assumption, configurable: the source lets
"several" do it).
"""

PLAN: Kind[Plan] = Kind("benefit-plan", Plan, saved_by=REALISING)
MATURITY: Kind[Maturity] = Kind("benefit-maturity", Maturity, saved_by=REALISING)
ITEM: Kind[Item] = Kind("benefit-selection", Item, saved_by=TAKING_PART)
WORKSHOP: Kind[Workshop] = Kind("benefit-workshop", Workshop, saved_by=REALISING)
ROW: Kind[SheetRow] = Kind("benefit-worksheet-row", SheetRow, saved_by=TAKING_PART)
PRACTICE: Kind[Practice] = Kind("benefit-practice", Practice, saved_by=REALISING)

__all__ = [
    "ITEM", "MATURITY", "PLAN", "PRACTICE", "REALISING", "ROW", "TAKING_PART", "WORKSHOP",
]  # fmt: skip
