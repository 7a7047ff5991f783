"""What is kept of money as documents: the cost model of each organisation."""

from __future__ import annotations

from fellesjournal.access.policy.rules import Duty
from fellesjournal.leadership.costs.lines import CostModel
from fellesjournal.leadership.documents.resources import Kind

COST_MODEL: Kind[CostModel] = Kind("cost-model", CostModel, frozenset({Duty.ROLL_OUT}))

__all__ = ["COST_MODEL"]
