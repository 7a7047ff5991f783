"""The world of an out-of-hours clinic."""

from __future__ import annotations

import pytest

from tests.care.triage.world import World, world


@pytest.fixture
def clinic(empty_record: None) -> World:
    """Nobody waits yet."""
    del empty_record
    return world()
