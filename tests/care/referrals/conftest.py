"""The world of referrals, on its Monday."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fellesjournal.foundation import clock
from tests.care.referrals.world import MONDAY, World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Everybody at work on the Monday."""
    del db
    with clock.at(MONDAY):
        yield World()
