"""The named people of the demo, citizens and staff: for tests, pictures and sign-in."""

from __future__ import annotations

from fellesjournal.demo.cast_citizens import CITIZENS, CastCitizen
from fellesjournal.demo.cast_staff import STAFF, StaffMember

__all__ = ["CITIZENS", "STAFF", "CastCitizen", "StaffMember"]
