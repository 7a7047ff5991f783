"""The demo region: invented citizens of Trøndelag and Møre og Romsdal with years of history.

Pure Python without database or clock. Everything is synthetic: numbers carry month + 80, names
are chance combinations, clinical texts are written for the demo. Nothing here is medical advice.
"""

from __future__ import annotations

from fellesjournal.demo.generation import DEFAULT_UNTIL, generate

__all__ = ["DEFAULT_UNTIL", "generate"]
