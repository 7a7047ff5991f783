"""What people do about stays."""

from __future__ import annotations

from fellesjournal.care.stays.actions.admitting import admit, place, take_back
from fellesjournal.care.stays.actions.discharging import (
    Leaving,
    Sending,
    discharge,
    discharge_without,
    save_summary,
    send_owed,
)
from fellesjournal.care.stays.actions.readying import change_ready, mark_ready, withdraw_ready

__all__ = [
    "Leaving",
    "Sending",
    "admit",
    "change_ready",
    "discharge",
    "discharge_without",
    "mark_ready",
    "place",
    "save_summary",
    "send_owed",
    "take_back",
    "withdraw_ready",
]
